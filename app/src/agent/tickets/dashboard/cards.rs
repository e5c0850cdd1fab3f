//! Cards in their order.

use domain::{
    calendar::Unit,
    filter::{Field, Relation},
    view::{Card, CardKind, GroupBy, Measure, Number, Take},
};

/// What a dashboard shows when nobody has chosen anything else.
fn usual() -> Vec<Card> {
    let average = |of| Some(Measure { take: Take::Average, of });
    let number = |measure| Card::new(CardKind::Number, None, measure);
    let chart = |kind, by| Card::new(kind, Some(by), None);
    vec![
        number(None),
        number(average(Number::FirstResponse)),
        number(average(Number::Resolution)),
        number(average(Number::Priority)),
        chart(CardKind::Line, GroupBy::Time(Field::Created, Unit::Week)),
        chart(CardKind::Bar, GroupBy::Field(Field::Status)),
        chart(CardKind::Donut, GroupBy::Field(Field::Priority)),
        chart(CardKind::Table, GroupBy::Rows(Relation::Agents)),
    ]
}

/// The cards that are shown where these were chosen.
#[must_use]
pub fn shown(chosen: Vec<Card>) -> Vec<Card> {
    if chosen.is_empty() { usual() } else { chosen }
}

/// What is kept of the cards that are shown: nothing of the usual ones.
#[must_use]
pub fn kept(shown: Vec<Card>) -> Vec<Card> {
    if shown == usual() { Vec::new() } else { shown }
}

/// By what each card is known while others come, go and move: what it shows, and which of those that show the same it is.
#[must_use]
pub fn keys(cards: &[Card]) -> Vec<String> {
    let what = |card: &Card| Card { width: 1, ..card.clone() }.to_string();
    let key = |(at, card): (usize, &Card)| {
        let what = what(card);
        let same = cards.iter().take(at).filter(|other| self::same(other, card)).count();
        if same == 0 { what } else { format!("{what}~{same}") }
    };
    cards.iter().enumerate().map(key).collect()
}

fn same(one: &Card, other: &Card) -> bool {
    (one.kind, &one.by, one.measure) == (other.kind, &other.by, other.measure)
}

/// Cards with one of them in the place of another one, as when it is dropped there.
#[must_use]
pub fn moved(mut cards: Vec<Card>, from: usize, to: usize) -> Vec<Card> {
    if from < cards.len() && to < cards.len() {
        let card = cards.remove(from);
        cards.insert(to, card);
    }
    cards
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::view::cards::{cards_of, cards_text};

    #[test]
    fn the_usual_cards_can_be_drawn_and_are_not_kept() {
        let usual = shown(Vec::new());
        assert_eq!(cards_of(&cards_text(&usual)), usual);
        assert!(kept(usual.clone()).is_empty());
        assert_eq!(kept(moved(usual.clone(), 0, 1)).len(), usual.len());
    }

    #[test]
    fn a_card_is_moved_and_known_where_it_is() {
        let cards = cards_of("number.1,bar.2:status,number.4");
        assert_eq!(keys(&cards), ["number.1", "bar.1:status", "number.1~1"]);
        assert_eq!(cards_text(&moved(cards.clone(), 0, 2)), "bar.2:status,number.4,number.1");
        assert_eq!(cards_text(&moved(cards.clone(), 2, 0)), "number.4,number.1,bar.2:status");
        assert_eq!(moved(cards.clone(), 1, 7), cards);
    }
}
