//! Laws that hold for every filter, every item and every viewer.

use crate::filter::{Expr, Op, Quantifier, check, matches, testing};
use proptest::prelude::*;

fn not(expr: Expr) -> Expr {
    Expr::Not(Box::new(expr))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_generator_makes_only_what_check_accepts(expr in testing::expr()) {
        prop_assert_eq!(check(&expr), Ok(()));
    }

    #[test]
    fn twice_not_is_nothing(expr in testing::expr(), facts in testing::facts(), viewer in testing::viewer()) {
        let twice = not(not(expr.clone()));
        prop_assert_eq!(matches(&twice, &facts, &viewer), matches(&expr, &facts, &viewer));
    }

    #[test]
    fn de_morgan(
        parts in prop::collection::vec(testing::expr(), 0..4),
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
            _ => return Ok(()),
        };
        let opposite = Expr::Compare { field, op: opposite, value };
        prop_assert_ne!(matches(&leaf, &facts, &viewer), matches(&opposite, &facts, &viewer));
    }

    #[test]
    fn none_is_not_some(leaf in testing::relation(), facts in testing::facts(), viewer in testing::viewer()) {
        let Expr::Related { relation, value, .. } = leaf else { return Ok(()) };
        let some = Expr::Related { relation, quantifier: Quantifier::Some, value: value.clone() };
        let none = Expr::Related { relation, quantifier: Quantifier::None, value };
        prop_assert_ne!(matches(&some, &facts, &viewer), matches(&none, &facts, &viewer));
    }

    #[test]
    fn a_filter_survives_the_wire(expr in testing::expr()) {
        let json = serde_json::to_string(&expr).unwrap();
        prop_assert_eq!(serde_json::from_str::<Expr>(&json).unwrap(), expr);
    }
}
