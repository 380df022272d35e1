# Shorter names for the scripts in .ci/; see CONTRIBUTING.md. `just` lists them.

[private]
default:
    @just --list --unsorted

# Check everything before you propose a change
check *options:
    .ci/run {{ options }}

# Run the tests, or those with a name
test *names:
    cargo test --locked {{ names }}

# Write expected output anew, and show what changed
update:
    .ci/update

# Check spelling, scripts and workflow files
text:
    .ci/text

# Check licences and versions of dependencies
deny:
    .ci/deny

# Compile with the oldest Rust that is promised
msrv:
    .ci/msrv

# Build the documentation as a site, and check its links
site:
    .ci/site

# Build the archive of a release
archive target="":
    .ci/archive {{ target }}

# Build the Python wheel
wheel target="":
    .ci/wheel {{ target }}

# Install the archive and the wheel in empty folders, and try them
try-release target="":
    .ci/try-release {{ target }}

# Build the container image from the musl archives
image machine="amd64":
    .ci/image {{ machine }}
