//! Running a test on both engines, each under a name of its own.

use std::task::Poll;

use anyhow::Result;

use crate::engine::Engine;
use crate::gateway::{TestGateway, Wishes};
use crate::truth;

/// Makes of each function named `async fn name(gateway: &TestGateway) -> Result<()>` two tests, `name::sqlite` and
/// `name::postgres`; the first form's gateways differ from the usual as the named function says.
#[macro_export]
macro_rules! on_both_engines {
    (with $wishes:ident; $($name:ident),+ $(,)?) => { $(
        mod $name {
            #[test]
            fn sqlite() {
                $crate::run::run($crate::engine::Engine::Sqlite, super::$wishes(), super::$name);
            }

            #[test]
            fn postgres() {
                $crate::run::run($crate::engine::Engine::Postgres, super::$wishes(), super::$name);
            }
        }
    )+ };
    ($($name:ident),+ $(,)?) => {
        use $crate::gateway::usual;
        $crate::on_both_engines!(with usual; $($name),+);
    };
}

/// Drives all of these at once, as far as they let each other, and returns what became of each, in their order.
pub async fn all_at_once<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures
        .into_iter()
        .map(|future| (Box::pin(future), None))
        .collect();
    std::future::poll_fn(|context| {
        let mut is_over = true;
        for (future, outcome) in &mut waiting {
            if outcome.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(ready) => *outcome = Some(ready),
                    Poll::Pending => is_over = false,
                }
            }
        }
        if is_over { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, outcome)| outcome).collect()
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
