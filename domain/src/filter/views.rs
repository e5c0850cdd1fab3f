//! Filters that name other views.

use super::expr::Expr;
use crate::{
    error::{Error, Result},
    id::ViewId,
    limits,
};

/// The filters of saved views.
pub trait Views {
    /// The filter of a view; `None` if there is none that the viewer may use.
    fn filter(&self, view: ViewId) -> Option<&Expr>;
}

impl<S: std::hash::BuildHasher> Views for std::collections::HashMap<ViewId, Expr, S> {
    fn filter(&self, view: ViewId) -> Option<&Expr> {
        self.get(&view)
    }
}

/// The filter with those of the views that it names in their place. What is not there, leads back to itself, or would be
/// larger than the limits stays as it is: a broken condition.
#[must_use]
pub fn resolve(expr: &Expr, views: &impl Views) -> Expr {
    let mut walk = Walk { views, path: Vec::new(), leaves: 0, wrong: None };
    walk.expr(expr)
}

/// Refuses a filter whose views are not there, lead in a circle, or make it larger than the limits.
///
/// # Errors
/// Invalid, with a key `error_filter_view…`. `own` is the view that the filter is of, which it must not lead back to.
pub fn check_views(expr: &Expr, own: Option<ViewId>, views: &impl Views) -> Result<()> {
    let mut walk = Walk { views, path: own.into_iter().collect(), leaves: 0, wrong: None };
    walk.expr(expr);
    walk.wrong.map_or(Ok(()), Err)
}

struct Walk<'v, V> {
    views: &'v V,
    /// The views that led here.
    path: Vec<ViewId>,
    leaves: usize,
    wrong: Option<Error>,
}

impl<V: Views> Walk<'_, V> {
    fn expr(&mut self, expr: &Expr) -> Expr {
        match expr {
            Expr::All(parts) if !parts.is_empty() => Expr::All(parts.iter().map(|part| self.expr(part)).collect()),
            Expr::Any(parts) if !parts.is_empty() => Expr::Any(parts.iter().map(|part| self.expr(part)).collect()),
            Expr::Not(inner) => Expr::Not(Box::new(self.expr(inner))),
            Expr::View(view) => self.view(*view).unwrap_or_else(|error| {
                self.wrong.get_or_insert(error);
                expr.clone()
            }),
            leaf => {
                self.leaves += 1;
                leaf.clone()
            }
        }
    }

    fn view(&mut self, view: ViewId) -> Result<Expr> {
        let filter = self.views.filter(view).ok_or_else(|| Error::invalid("error_filter_view_unknown"))?;
        if self.path.contains(&view) {
            return Err(Error::invalid("error_filter_view_circle"));
        }
        if self.path.len() >= limits::FILTER_VIEWS {
            return Err(Error::invalid("error_filter_views_too_deep").with("max", limits::FILTER_VIEWS));
        }
        let large = || Error::invalid("error_filter_views_too_large").with("max", limits::FILTER_EXPANDED);
        // Naming a view counts, too: hundreds of views that name hundreds of views have no other leaf.
        self.leaves += 1;
        if self.leaves > limits::FILTER_EXPANDED {
            return Err(large());
        }
        self.path.push(view);
        let found = self.expr(filter);
        self.path.pop();
        if self.leaves > limits::FILTER_EXPANDED { Err(large()) } else { Ok(found) }
    }
}
