//! Running a test on both engines, each under a name of its own.

use anyhow::Result;

use crate::engine::Engine;
use crate::gateway::{TestGateway, Wishes};
use crate::truth;

/// Makes of each function named `async fn name(gateway: &TestGateway) -> Result<()>` two tests, `name::sqlite` and
/// `name::postgres`; the first form's gateways differ from the usual as the expression says.
#[macro_export]
macro_rules! on_both_engines {
    (with $wishes:expr; $($name:ident),+ $(,)?) => { $(
        mod $name {
            #[test]
            fn sqlite() {
                $crate::run::run($crate::engine::Engine::Sqlite, $wishes, super::$name);
            }

            #[test]
            fn postgres() {
                $crate::run::run($crate::engine::Engine::Postgres, $wishes, super::$name);
            }
        }
    )+ };
    ($($name:ident),+ $(,)?) => {
        $crate::on_both_engines!(with $crate::gateway::Wishes::default(); $($name),+);
    };
}

/// Runs a test against a gateway of its own, and checks afterwards that all its records tell the same story.
pub fn run(engine: Engine, wishes: Wishes, test: impl AsyncFnOnce(&TestGateway) -> Result<()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let outcome = runtime.block_on(async {
        let gateway = TestGateway::start_with(engine, wishes).await?;
        test(&gateway).await?;
        truth::check(&gateway).await
    });
    runtime.shutdown_background();
    if let Err(error) = outcome {
        panic!("{error:?}");
    }
}
