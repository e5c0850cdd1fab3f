//! Numbers that look random and are the same for the same seed (SplitMix64). Not for secrets.

/// A generator.
pub struct Random(u64);

impl Random {
    /// The generator of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// From 0 to below `end` (0 if that is 0).
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from(self.next() % end).unwrap_or_default()
    }
    /// From `first` to `last`, both possible.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = u64::try_from(last.saturating_sub(first)).unwrap_or_default() + 1;
        first + i64::try_from(self.next() % span).unwrap_or_default()
    }
    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    /// One of them. The list must not be empty; of an empty one it is an empty text.
    pub fn pick<'a, T: ?Sized + ToOwned>(&mut self, list: &'a [T::Owned], none: &'a T) -> &'a T
    where
        T::Owned: std::borrow::Borrow<T>,
    {
        list.get(self.below(list.len())).map_or(none, std::borrow::Borrow::borrow)
    }
    /// The place of one of them, by weight.
    pub fn weighted(&mut self, weights: impl Iterator<Item = usize> + Clone) -> usize {
        let mut at = self.below(weights.clone().sum());
        for (index, weight) in weights.enumerate() {
            if at < weight {
                return index;
            }
            at -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_and_everything_comes_up() {
        let draw = |seed| (0..200).map(|_| 0).scan(Random::new(seed), |random, _: i32| Some(random.below(6))).collect::<Vec<_>>();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert!((0..6).all(|face| draw(1).contains(&face)));
        let mut random = Random::new(3);
        assert!((0..200).all(|_| random.weighted([0, 3, 0].into_iter()) == 1));
        assert!((0..200).all(|_| (-2..=2).contains(&random.between(-2, 2))));
    }
}
