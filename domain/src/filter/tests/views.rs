//! Views that name views.

use super::{bare, nobody};
use crate::{
    Error,
    filter::{Expr, Field, Op, Value, check_views, matches, resolve},
    id::ViewId,
    limits,
};
use std::collections::HashMap;

fn view(id: i64) -> Expr {
    Expr::View(ViewId(id))
}

fn yes() -> Expr {
    Expr::compare(Field::Published, Op::Is, Value::Bool(true))
}

fn refused(expr: &Expr, own: Option<i64>, views: &HashMap<ViewId, Expr>) -> String {
    check_views(expr, own.map(ViewId), views).map_or_else(|error: Error| error.key, |()| "fine".to_owned())
}

#[test]
fn the_filter_of_a_view_takes_its_place() {
    let views = HashMap::from([(ViewId(1), yes()), (ViewId(2), Expr::All(vec![view(1), view(1).not()]))]);
    let named = Expr::Any(vec![view(2), view(1)]);
    assert_eq!(resolve(&named, &views), Expr::Any(vec![Expr::All(vec![yes(), yes().not()]), yes()]));
    assert_eq!(refused(&named, Some(3), &views), "fine");
    assert!(matches(&resolve(&named, &views), &bare(), &nobody()));
}

#[test]
fn circles_and_what_is_not_there_match_nothing() {
    let views = HashMap::from([
        (ViewId(1), Expr::All(vec![yes(), view(2)])),
        (ViewId(2), view(1).not()),
        (ViewId(3), view(3)),
        (ViewId(4), Expr::Any(vec![yes(), view(9)])),
    ]);
    for (id, error) in [(1, "circle"), (2, "circle"), (3, "circle"), (9, "unknown")] {
        assert_eq!(refused(&view(id), None, &views), format!("error_filter_view_{error}"));
        for expr in [view(id), view(id).not()] {
            assert!(!matches(&resolve(&expr, &views), &bare(), &nobody()), "{expr:?}");
        }
    }
    assert_eq!(refused(&Expr::All(vec![yes(), view(5)]), Some(5), &views), "error_filter_view_unknown");
    let views = HashMap::from([(ViewId(5), yes())]);
    assert_eq!(refused(&Expr::All(vec![yes(), view(5)]), Some(5), &views), "error_filter_view_circle");
    // The rest of a view still counts.
    let views = HashMap::from([(ViewId(4), Expr::Any(vec![yes(), view(9)]))]);
    assert!(matches(&resolve(&view(4), &views), &bare(), &nobody()));
}

#[test]
fn views_have_limits_and_large_ones_take_no_time() {
    // A chain of views.
    let chain: HashMap<_, _> = (1..20).map(|id| (ViewId(id), if id == 1 { yes() } else { view(id - 1) })).collect();
    let deepest = i64::try_from(limits::FILTER_VIEWS).unwrap();
    assert_eq!(refused(&view(deepest), None, &chain), "fine");
    assert_eq!(refused(&view(deepest + 1), None, &chain), "error_filter_views_too_deep");
    // Each names the next a hundred times: whole, it would have 100 to the power of 8 leaves; also if there is none in the end.
    for last in [yes(), view(99)] {
        let bomb: HashMap<_, _> =
            (1..=8).map(|id| (ViewId(id), if id == 1 { last.clone() } else { Expr::Any(vec![view(id - 1); 100]) })).collect();
        assert!(refused(&view(8), None, &bomb).starts_with("error_filter_view"));
        let expanded = resolve(&view(8), &bomb);
        assert!(!matches(&expanded.not(), &bare(), &nobody()));
    }
    let large = |leaves: usize| HashMap::from([(ViewId(1), Expr::All(vec![yes(); leaves]))]);
    assert_eq!(refused(&view(1), None, &large(limits::FILTER_EXPANDED - 1)), "fine");
    assert_eq!(refused(&view(1), None, &large(limits::FILTER_EXPANDED)), "error_filter_views_too_large");
}
