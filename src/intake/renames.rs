//! `--map "Work Email=email"`: other names for the columns or keys of a data file.

/// Renamed columns or keys: the name in the file, and the name it is taken for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Renames(Vec<(String, String)>);

impl Renames {
    /// Reads arguments of the form `from=to` or `from=to,from=to`; the error quotes the one that is not.
    pub(crate) fn parse<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for argument in arguments {
            for pair in argument.split(',') {
                let (from, to) = pair
                    .rsplit_once('=')
                    .map(|(from, to)| (from.trim(), to.trim()))
                    .filter(|(from, to)| !from.is_empty() && !to.is_empty())
                    .ok_or_else(|| format!("`{pair}` is not of the form `column=field`"))?;
                if pairs.iter().any(|(known, _)| known == from) {
                    return Err(format!("`{from}` is mapped twice"));
                }
                pairs.push((from.to_owned(), to.to_owned()));
            }
        }
        Ok(Self(pairs))
    }

    /// Returns the name that a column or key is taken for: its own unless it is renamed.
    pub(crate) fn apply<'a>(&'a self, name: &'a str) -> &'a str {
        self.0
            .iter()
            .find(|(from, _)| from == name)
            .map_or(name, |(_, to)| to)
    }

    /// Returns the renamed names, in the order given; a file that lacks one is probably not the file meant.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(from, _)| from.as_str())
    }

    /// Returns each renamed name with the name that it is taken for, in the order given.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// Returns those that a choice takes, by the name in the file and the one it is taken for.
    pub(crate) fn only(&self, mut choice: impl FnMut(&str, &str) -> bool) -> Self {
        let pairs = self.0.iter();
        Self(
            pairs
                .filter(|(from, to)| choice(from, to))
                .cloned()
                .collect(),
        )
    }

    /// Returns whether some renamed name may be a path into nested objects.
    pub(crate) fn has_paths(&self) -> bool {
        self.0.iter().any(|(from, _)| from.contains('.'))
    }

    /// Returns whether nothing is renamed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_names_may_stand_in_one_argument_or_in_many() {
        let renames = Renames::parse(["won_date=at, mql_id = person", "Work Email=email"]).unwrap();
        assert_eq!(renames.apply("won_date"), "at");
        assert_eq!(renames.apply("mql_id"), "person");
        assert_eq!(renames.apply("Work Email"), "email");
        assert_eq!(renames.apply("city"), "city");
    }

    #[test]
    fn what_is_not_a_pair_is_reported() {
        assert_eq!(
            Renames::parse(["email"]).unwrap_err(),
            "`email` is not of the form `column=field`"
        );
        assert!(Renames::parse(["a=b,a=c"]).is_err());
    }
}
