//! Changing a filter piece by piece, as chips and their groups do. A piece is named by its path: its place among the parts of each
//! group, from the outside in.

use super::expr::Expr;

/// How the parts of a group hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// Every one holds.
    All,
    /// At least one holds.
    Any,
    /// None of them holds.
    None,
}

impl Joined {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::All, Self::Any, Self::None];

    /// The stable name (message keys `joined_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
            Self::None => "none",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|joined| joined.key() == key)
    }
    /// A group of these parts.
    #[must_use]
    pub fn of(self, parts: Vec<Expr>) -> Expr {
        match self {
            Self::All => Expr::All(parts),
            Self::Any => Expr::Any(parts),
            Self::None => Expr::Any(parts).not(),
        }
    }
}

/// The parts of a group and how they hold together; `None` for a single condition.
#[must_use]
pub fn group(expr: &Expr) -> Option<(Joined, &[Expr])> {
    match expr {
        Expr::All(parts) => Some((Joined::All, parts)),
        Expr::Any(parts) => Some((Joined::Any, parts)),
        Expr::Not(inner) => match &**inner {
            Expr::Any(parts) => Some((Joined::None, parts)),
            _ => None,
        },
        _ => None,
    }
}

/// A filter as a list of conditions that must all hold: groups of *all* in groups of *all* are one.
#[must_use]
pub fn flat(expr: &Expr) -> Vec<Expr> {
    match expr {
        Expr::All(parts) => parts.iter().flat_map(flat).collect(),
        other => vec![other.clone()],
    }
}

/// The piece at a path.
#[must_use]
pub fn piece<'e>(expr: &'e Expr, path: &[usize]) -> Option<&'e Expr> {
    let Some((first, rest)) = path.split_first() else { return Some(expr) };
    let (_, parts) = group(expr)?;
    piece(parts.get(*first)?, rest)
}

/// The filter with another piece at a path; without it if there is none. A group from which the last part is taken goes, too: it
/// would hold for everything, or for nothing. A path that leads nowhere changes nothing.
#[must_use]
pub fn replaced(expr: &Expr, path: &[usize], new: Option<Expr>) -> Expr {
    with(expr, path, new).unwrap_or_else(|| Expr::All(Vec::new()))
}

fn with(expr: &Expr, path: &[usize], new: Option<Expr>) -> Option<Expr> {
    let Some((first, rest)) = path.split_first() else { return new };
    let Some((joined, parts)) = group(expr) else { return Some(expr.clone()) };
    let mut kept: Vec<Expr> = Vec::with_capacity(parts.len());
    for (at, part) in parts.iter().enumerate() {
        kept.extend(if at == *first { with(part, rest, new.clone()) } else { Some(part.clone()) });
    }
    (!kept.is_empty()).then(|| joined.of(kept))
}

/// The filter with a further part in the group at a path. A single condition there becomes a group of *all* with it.
#[must_use]
pub fn added(expr: &Expr, path: &[usize], new: Expr) -> Expr {
    let Some(place) = piece(expr, path) else { return expr.clone() };
    let larger = match group(place) {
        Some((joined, parts)) => joined.of(parts.iter().cloned().chain([new]).collect()),
        None => Expr::All(vec![place.clone(), new]),
    };
    replaced(expr, path, Some(larger))
}

/// The filter with the parts of the group at a path held together otherwise.
#[must_use]
pub fn rejoined(expr: &Expr, path: &[usize], joined: Joined) -> Expr {
    match piece(expr, path).and_then(group) {
        Some((_, parts)) => {
            let parts = parts.to_vec();
            replaced(expr, path, Some(joined.of(parts)))
        }
        None => expr.clone(),
    }
}

/// The filter with the piece at a path moved to a place: a path whose last step says before which part of that group it comes to
/// stand. The steps count the parts as they were. Into itself nothing is moved.
#[must_use]
pub fn moved(expr: &Expr, from: &[usize], to: &[usize]) -> Expr {
    let (Some((place, into)), Some(moving)) = (to.split_last(), piece(expr, from)) else { return expr.clone() };
    let Some((joined, parts)) = piece(expr, into).and_then(group) else { return expr.clone() };
    if from.is_empty() || into.starts_with(from) {
        return expr.clone();
    }
    let mut parts = parts.to_vec();
    let place = (*place).min(parts.len());
    parts.insert(place, moving.clone());
    let mut left = from.to_vec();
    // What stood at the place or after it has moved on by one.
    if let Some(step) = left.get_mut(into.len()).filter(|step| from.starts_with(into) && **step >= place) {
        *step += 1;
    }
    replaced(&replaced(expr, into, Some(joined.of(parts))), &left, None)
}

/// The filter with the piece at a path in a group of its own, of which one part has to hold: another one can be put beside it.
#[must_use]
pub fn wrapped(expr: &Expr, path: &[usize]) -> Expr {
    match piece(expr, path) {
        Some(part) if !path.is_empty() => replaced(expr, path, Some(Joined::Any.of(vec![part.clone()]))),
        _ => expr.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(name: &str) -> Expr {
        Expr::Text(name.to_owned())
    }

    #[test]
    fn pieces_are_found_changed_and_taken_away() {
        let filter = Expr::All(vec![leaf("a"), Joined::None.of(vec![leaf("b"), Expr::Any(vec![leaf("c")])])]);
        assert_eq!(piece(&filter, &[1, 1, 0]), Some(&leaf("c")));
        assert_eq!(piece(&filter, &[0, 0]), None);
        assert_eq!(piece(&filter, &[]), Some(&filter));
        let changed = replaced(&filter, &[1, 0], Some(leaf("x")));
        assert_eq!(piece(&changed, &[1, 0]), Some(&leaf("x")));
        // The group of c goes with it.
        let fewer = replaced(&filter, &[1, 1, 0], None);
        assert_eq!(fewer, Expr::All(vec![leaf("a"), Joined::None.of(vec![leaf("b")])]));
        assert_eq!(replaced(&Expr::All(vec![leaf("a")]), &[0], None), Expr::All(Vec::new()));
        assert_eq!(replaced(&filter, &[7], Some(leaf("x"))), filter);
    }

    #[test]
    fn groups_grow_and_hold_together_otherwise() {
        let filter = Expr::All(vec![leaf("a"), Expr::Any(vec![leaf("b")])]);
        assert_eq!(piece(&added(&filter, &[1], leaf("c")), &[1, 1]), Some(&leaf("c")));
        assert_eq!(added(&leaf("a"), &[], leaf("b")), Expr::All(vec![leaf("a"), leaf("b")]));
        assert_eq!(piece(&added(&filter, &[0], leaf("c")), &[0, 1]), Some(&leaf("c")));
        let none = rejoined(&filter, &[1], Joined::None);
        assert_eq!(piece(&none, &[1]).and_then(group).map(|(joined, _)| joined), Some(Joined::None));
        assert_eq!(rejoined(&filter, &[0], Joined::Any), filter);
        assert_eq!(flat(&Expr::All(vec![filter.clone(), leaf("z")])).len(), 3);
    }

    #[test]
    fn pieces_move_within_their_group_into_another_and_out_of_it() {
        let [a, b, c] = ["a", "b", "c"].map(leaf);
        let flat = Expr::All(vec![a.clone(), b.clone(), c.clone()]);
        for (from, to, names) in [(0, 2, "bac"), (0, 3, "bca"), (2, 0, "cab"), (1, 1, "abc"), (1, 2, "abc"), (0, 99, "bca")] {
            let expected = names.chars().map(|name| leaf(&name.to_string())).collect();
            assert_eq!(moved(&flat, &[from], &[to]), Expr::All(expected), "{from} to {to}");
        }
        let nested = Expr::All(vec![a.clone(), Expr::Any(vec![b.clone(), c.clone()])]);
        let inside = Expr::All(vec![Expr::Any(vec![b.clone(), a.clone(), c.clone()])]);
        assert_eq!(moved(&nested, &[0], &[1, 1]), inside);
        assert_eq!(moved(&nested, &[1, 1], &[0]), Expr::All(vec![c.clone(), a.clone(), Expr::Any(vec![b.clone()])]));
        // A group that is left empty goes.
        let single = Expr::All(vec![Joined::None.of(vec![b.clone()]), a.clone()]);
        assert_eq!(moved(&single, &[0, 0], &[0]), Expr::All(vec![b.clone(), a.clone()]));
        assert_eq!(moved(&single, &[0, 0], &[2]), Expr::All(vec![a.clone(), b.clone()]));
    }

    #[test]
    fn nothing_moves_into_itself_or_nowhere() {
        let filter = Expr::All(vec![leaf("a"), Expr::Any(vec![leaf("b"), Expr::All(vec![leaf("c")])])]);
        for (from, to) in [
            (vec![], vec![0]),
            (vec![0], vec![]),
            (vec![1], vec![1, 0]),
            (vec![1], vec![1, 1, 0]),
            (vec![7], vec![0]),
            (vec![0], vec![0, 0]),
            (vec![0], vec![1, 0, 0]),
        ] {
            assert_eq!(moved(&filter, &from, &to), filter, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn a_piece_is_put_into_a_group_of_its_own() {
        let filter = Expr::All(vec![leaf("a"), leaf("b")]);
        assert_eq!(wrapped(&filter, &[1]), Expr::All(vec![leaf("a"), Expr::Any(vec![leaf("b")])]));
        assert_eq!(wrapped(&filter, &[]), filter);
        assert_eq!(wrapped(&filter, &[7]), filter);
    }
}
