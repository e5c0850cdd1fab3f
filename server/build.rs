//! Tells cargo that a new migration means a new build: `sqlx::migrate!` reads the folder when it compiles.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
