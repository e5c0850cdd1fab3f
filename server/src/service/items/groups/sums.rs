//! Sums and averages over a whole list.

use super::{ask::added_up, made};
use crate::{db::Read, service::items::ItemService};
use domain::{
    Result,
    actor::Actor,
    error::Check,
    limits,
    view::{ItemQuery, Measure, Number},
};

/// What the database tells of a number: its sum, and of how many items.
type Told = (Option<f64>, i64);

impl ItemService {
    pub(in crate::service::items) async fn summed(
        &self,
        actor: &Actor,
        query: ItemQuery,
        measures: Vec<Measure>,
    ) -> Result<Vec<Option<f64>>> {
        let mut fields = Check::new();
        fields.that(measures.len() <= limits::MEASURES, "measures", "error_too_many_values").done()?;
        let sought = self.sought(actor, &query).await?;
        // All numbers at once: what is added up costs little beside finding the items.
        let sql = sought.select_with(|sql| {
            for (at, number) in Number::ALL.into_iter().enumerate() {
                let [sum, of] = added_up(number);
                sql.push(if at == 0 { "" } else { ", " }).push(sum).push(", ").push(of);
            }
        });
        let told: (Option<f64>, i64, Option<f64>, i64, Option<f64>, i64) = self.db.clone().one(sql).await?;
        let told: [Told; 3] = [(told.0, told.1), (told.2, told.3), (told.4, told.5)];
        let of = |measure: Measure| {
            let (_, (sum, of)) = Number::ALL.into_iter().zip(told).find(|(number, _)| *number == measure.of)?;
            made(measure, sum.unwrap_or_default(), of)
        };
        Ok(measures.into_iter().map(of).collect())
    }
}
