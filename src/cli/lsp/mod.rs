//! `bugle lsp`: a language server for campaign files, over standard input and output.
//!
//! | file | has |
//! |---|---|
//! | `mod.rs` | the arguments, and the loop: messages in, answers out |
//! | `frames.rs` | messages on the wire |
//! | `inbox.rs` | messages that wait, and those that were cancelled |
//! | `server.rs` | the state between messages: which texts are open, which workspaces they belong to |
//! | `answers.rs` | answers about a place in a text |
//! | `publish.rs` | faults as editors show them |
//! | `protocol.rs`, `refusal.rs` | the messages as types |
//! | `positions.rs`, `uris.rs` | bytes as lines and columns, paths as URIs |
//!
//! What is answered is worked out by `app::editor`.

mod answers;
mod frames;
mod inbox;
mod positions;
mod protocol;
mod publish;
mod refusal;
mod server;
mod uris;

use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use clap::Args;
use lsp_server::ErrorCode;
use serde_json::{Value, json};

use crate::app::reexports::streams;

use super::context::{CommandResult, Context};
use super::error::Error;
use super::exit::Exit;
use inbox::{Inbox, Incoming, Letter};
use refusal::Refusal;
use server::Server;

/// How often files are looked at that may have been saved by another program.
const LOOK: Duration = Duration::from_secs(1);

/// What `bugle lsp` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle lsp                    an editor starts it so
  bugle lsp --db bugle.db      also knows and counts the people

An editor starts it and speaks the Language Server Protocol with it over standard
input and output. docs/editors.md has the settings of VS Code, Helix, Neovim and
Zed.")]
pub(crate) struct Arguments {
    /// Speak over standard input and output, as it always does: some editors ask so
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Runs the command until the editor ends it.
pub(crate) fn run(_: &Arguments, context: &mut Context) -> CommandResult {
    let input = streams::standard_input().map_err(|error| unreadable(&error))?;
    if input.is_terminal() {
        context.notices.notice(
            "this is for editors, which start it themselves: see docs/editors.md; Ctrl-D ends it",
        );
    }
    let (sender, letters) = mpsc::channel();
    let later = sender.clone();
    thread::spawn(move || {
        let mut input = input.lock();
        loop {
            let read = frames::read(&mut input);
            let is_last = !matches!(read, Ok(Some(_)));
            if sender.send(Incoming::Read(read)).is_err() || is_last {
                return;
            }
        }
    });
    let mut server = Server::new(context, later)?;
    serve(&letters, &mut server, context)
}

/// Takes messages and answers them, in order. What changes files is taken with all that waits behind it before anything is worked
/// out, so that quick typing costs one piece of work.
fn serve(
    letters: &Receiver<Incoming>,
    server: &mut Server,
    context: &mut Context,
) -> CommandResult {
    let mut inbox = Inbox::default();
    loop {
        match letters.recv_timeout(LOOK) {
            Ok(incoming) => inbox.put(incoming),
            Err(RecvTimeoutError::Timeout) => server.look_at_files(),
            Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Done),
        }
        inbox.put_waiting(letters);
        while let Some(letter) = inbox.take() {
            match letter {
                Letter::Message(message) => {
                    if let Some(exit) = server.take(message, &mut context.out)? {
                        return Ok(exit);
                    }
                }
                Letter::Answer(answer) => frames::write(&mut context.out, &answer)?,
                Letter::Cancelled(id) => {
                    let refusal = Refusal::new(ErrorCode::RequestCanceled, "cancelled");
                    frames::write(&mut context.out, &refusal.answer(&json!(id)))?;
                }
                Letter::NoMessage(why) => {
                    let refusal = Refusal::new(ErrorCode::InvalidRequest, why);
                    frames::write(&mut context.out, &refusal.answer(&Value::Null))?;
                }
                Letter::NoJson(why) => {
                    let refusal = Refusal::new(ErrorCode::ParseError, why);
                    frames::write(&mut context.out, &refusal.answer(&Value::Null))?;
                }
                Letter::End => return Ok(Exit::Done),
                Letter::Unreadable(error) => return Err(unreadable(&error)),
            }
            inbox.put_waiting(letters);
        }
        server.publish(&mut context.out)?;
    }
}

fn unreadable(error: &io::Error) -> Error {
    Error::new(
        Exit::Storage,
        format!("cannot read what the editor sends: {error}"),
    )
}
