//! What people write in the demo, in six languages, and what kinds of tickets there are.

use domain::language::Language;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

const SCENARIOS: &str = include_str!("scenarios.toml");
const TEXTS: [(Language, &str); 6] = [
    (Language::En, include_str!("texts/en.toml")),
    (Language::De, include_str!("texts/de.toml")),
    (Language::Fr, include_str!("texts/fr.toml")),
    (Language::Es, include_str!("texts/es.toml")),
    (Language::It, include_str!("texts/it.toml")),
    (Language::Pt, include_str!("texts/pt.toml")),
];

/// A kind of ticket.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Key of a seeded type.
    #[serde(rename = "type")]
    pub type_key: String,
    /// Who works on it: `care`, `repairs` or `orders`.
    pub team: String,
    /// Least and most stars.
    pub priority: [u8; 2],
    /// How often it comes.
    pub weight: usize,
    /// Tags.
    pub tags: Vec<String>,
    /// Products that it is about.
    pub products: Vec<String>,
}

/// A conversation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thread {
    /// The scenario.
    pub key: String,
    /// Titles to choose from.
    pub subjects: Vec<String>,
    /// What is written, in order; the first letter says by whom.
    pub messages: Vec<String>,
}

/// The texts of a language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Given names.
    pub first_names: Vec<String>,
    /// Family names.
    pub last_names: Vec<String>,
    /// Customer companies.
    pub companies: Vec<String>,
    /// What people do there.
    pub job_titles: Vec<String>,
    /// Customers who ask again.
    pub pings: Vec<String>,
    /// Agents who ask for patience.
    pub acks: Vec<String>,
    /// Customers who say thanks.
    pub thanks: Vec<String>,
    /// Notes among agents.
    pub notes: Vec<String>,
    /// Conversations.
    pub threads: Vec<Thread>,
}

/// Everything.
pub struct Library {
    /// Scenarios by key.
    pub scenarios: BTreeMap<String, Scenario>,
    /// Texts by language.
    pub texts: HashMap<Language, Texts>,
}

impl Library {
    /// Reads the texts that are part of the program.
    ///
    /// # Errors
    /// A file is broken (a test sees to it that none is).
    pub fn load() -> Result<Self, toml::de::Error> {
        let mut texts = HashMap::new();
        for (language, text) in TEXTS {
            texts.insert(language, toml::from_str(text)?);
        }
        Ok(Self { scenarios: toml::from_str(SCENARIOS)?, texts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_are_whole() {
        let library = Library::load().unwrap();
        for (language, texts) in &library.texts {
            for thread in &texts.threads {
                assert!(library.scenarios.contains_key(&thread.key), "{language:?} {}", thread.key);
                assert!(thread.subjects.len() >= 3);
                let authors: Vec<&str> = thread.messages.iter().map(|message| &message[..2]).collect();
                assert_eq!(authors[0], "C ", "{language:?} {}", thread.key);
                assert!(authors.contains(&"A ") && authors.iter().all(|author| ["C ", "A ", "N "].contains(author)));
                let all = format!("{:?}", thread);
                let filled =
                    super::super::story::fill(&all, &HashMap::from(super::super::story::PLACEHOLDERS.map(|name| (name, "x"))));
                assert!(!filled.contains('{') || filled.contains("Thread {"), "{filled}");
            }
        }
        assert!(library.texts.values().map(|texts| texts.companies.len()).sum::<usize>() >= 15);
    }
}
