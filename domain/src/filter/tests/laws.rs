//! Laws that hold for every filter, every item and every viewer.

use crate::{
    conversation::MessageKind,
    filter::{Expr, Facts, Op, Quantifier, check, knows, matches, testing},
};
use proptest::prelude::*;

fn not(expr: Expr) -> Expr {
    expr.not()
}

/// The filter with something else in the place of each broken condition, whatever that once was.
fn mended(expr: &Expr, with: &Expr, in_rows: &Expr) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(|part| mended(part, with, in_rows)).collect();
    match expr {
        Expr::All(parts) => Expr::All(all(parts)),
        Expr::Any(parts) => Expr::Any(all(parts)),
        Expr::Not(inner) => not(mended(inner, with, in_rows)),
        sound if check(sound).is_ok() && !matches!(sound, Expr::View(_)) => sound.clone(),
        Expr::Related { relation, quantifier, .. } => Expr::related(*relation, *quantifier, in_rows.clone()),
        _ => with.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_generator_makes_only_what_check_accepts(expr in testing::expr()) {
        prop_assert_eq!(check(&expr), Ok(()));
    }

    #[test]
    fn twice_not_is_nothing(expr in testing::partly_broken(), facts in testing::facts(), viewer in testing::viewer()) {
        let twice = not(not(expr.clone()));
        prop_assert_eq!(matches(&twice, &facts, &viewer), matches(&expr, &facts, &viewer));
    }

    #[test]
    fn de_morgan(
        parts in prop::collection::vec(testing::partly_broken(), 0..4),
        facts in testing::facts(),
        viewer in testing::viewer(),
    ) {
        let none = not(Expr::Any(parts.clone()));
        let each_not = Expr::All(parts.iter().cloned().map(not).collect());
        prop_assert_eq!(matches(&none, &facts, &viewer), matches(&each_not, &facts, &viewer));
        let not_all = not(Expr::All(parts.clone()));
        let one_not = Expr::Any(parts.into_iter().map(not).collect());
        prop_assert_eq!(matches(&not_all, &facts, &viewer), matches(&one_not, &facts, &viewer));
    }

    #[test]
    fn negated_operators_are_negations(leaf in testing::comparison(), facts in testing::facts(), viewer in testing::viewer()) {
        let Expr::Compare { field, op, value } = leaf.clone() else { return Ok(()) };
        let opposite = match op {
            Op::Is => Op::IsNot,
            Op::In => Op::NotIn,
            Op::Contains => Op::NotContains,
            Op::IsEmpty => Op::IsNotEmpty,
            Op::Before | Op::Lt => Op::Ge,
            Op::After | Op::Gt => Op::Le,
            _ => return Ok(()),
        };
        // What is empty is neither before nor after.
        let ordered = !matches!(op, Op::Is | Op::In | Op::Contains | Op::IsEmpty);
        let opposite = Expr::compare(field, opposite, value);
        let answers = (matches(&leaf, &facts, &viewer), matches(&opposite, &facts, &viewer));
        prop_assert!(answers.0 != answers.1 || ordered && answers == (false, false), "{:?}", answers);
    }

    #[test]
    fn none_is_not_some(leaf in testing::relation(), facts in testing::facts(), viewer in testing::viewer()) {
        let Expr::Related { relation, of, .. } = leaf else { return Ok(()) };
        let some = Expr::related(relation, Quantifier::Some, (*of).clone());
        let none = Expr::related(relation, Quantifier::None, *of);
        prop_assert_ne!(matches(&some, &facts, &viewer), matches(&none, &facts, &viewer));
    }

    #[test]
    fn a_broken_condition_never_widens(
        expr in testing::partly_broken(),
        was in testing::expr(),
        facts in testing::facts(),
        viewer in testing::viewer(),
    ) {
        for (with, in_rows) in [(was, Expr::All(vec![])), (Expr::All(vec![]), Expr::Any(vec![])), (Expr::Any(vec![]), Expr::All(vec![]))] {
            let whole = mended(&expr, &with, &in_rows);
            prop_assert!(!matches(&expr, &facts, &viewer) || matches(&whole, &facts, &viewer), "{:?}", whole);
        }
    }

    #[test]
    fn without_the_thread_nothing_matches_that_would_not(
        expr in testing::expr(),
        facts in testing::facts(),
        viewer in testing::viewer(),
    ) {
        let without = Facts { thread: None, ..facts.clone() };
        prop_assert!(!matches(&expr, &without, &viewer) || matches(&expr, &facts, &viewer));
        prop_assert!(knows(&expr, &facts));
        if knows(&expr, &without) {
            prop_assert_eq!(matches(&expr, &without, &viewer), matches(&expr, &facts, &viewer));
        }
    }

    #[test]
    fn customers_know_of_no_notes(expr in testing::expr(), facts in testing::facts(), viewer in testing::viewer()) {
        let mut told = facts.clone();
        if let Some(thread) = &mut told.thread {
            let notes: Vec<_> = thread.messages.iter().filter(|message| message.kind == MessageKind::Note).map(|note| note.id).collect();
            thread.messages.retain(|message| message.kind == MessageKind::Reply);
            thread.files.retain(|file| file.message.is_none_or(|message| !notes.contains(&message)));
        }
        prop_assume!(!viewer.notes);
        prop_assert_eq!(matches(&expr, &facts, &viewer), matches(&expr, &told, &viewer));
    }

    #[test]
    fn a_filter_survives_the_wire(expr in testing::partly_broken()) {
        let json = serde_json::to_string(&expr).unwrap();
        prop_assert_eq!(serde_json::from_str::<Expr>(&json).unwrap(), expr);
    }
}
