//! Accepting connections, with limits of our own: how many, how long a request's head may take to arrive, how long a
//! TLS handshake may take, and how long the requests under way are waited for when the process is asked to stop. A body
//! that drips and a client that takes nothing of its answer are cut off, and a request whose client hangs up is carried
//! through to its end.

mod address;
mod beneath;
mod body;
mod carry;
mod head_timer;
mod stall;

use std::convert::Infallible;
use std::future::{Future, ready};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::either::Either;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use address::{Peers, client_address, is_trusted};
use beneath::Beneath;
use body::TimedBody;
use carry::Carried;
use head_timer::HeadTimer;
use stall::StallGuard;

use super::front::Front;

/// How a gateway is served.
#[derive(Clone)]
pub struct Serving {
    /// Speaks TLS on the connections, where there is no proxy that does.
    pub tls: Option<TlsAcceptor>,
    /// Networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Connections that one address may hold; a trusted proxy may hold all.
    pub connections_per_address: usize,
    /// How long a request's head may take to arrive, and how long an idle connection is kept.
    pub header_max: Duration,
}

impl Default for Serving {
    fn default() -> Serving {
        Serving {
            tls: None,
            trusted_proxies: Vec::new(),
            connections_per_address: CONNECTIONS_PER_ADDRESS_MAX,
            header_max: HEADER_MAX,
        }
    }
}

/// Where a request came from: the connection's other end or, behind trusted proxies, what they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Cancelled when a request's client hangs up before it is answered: for work that nobody needs then.
#[derive(Clone, Debug, Default)]
pub struct ClientGone(pub CancellationToken);

/// What every connection of a listener is served with.
struct Served {
    front: Front,
    serving: Serving,
    /// Requests whose client hung up.
    carried: TaskTracker,
}

/// Serves until `stop` is cancelled, and then until the requests under way are answered, at most [`DRAIN_MAX`].
pub async fn serve(
    listener: TcpListener,
    front: impl Into<Front>,
    serving: Serving,
    stop: CancellationToken,
) {
    let served = Arc::new(Served {
        front: front.into(),
        serving,
        carried: TaskTracker::new(),
    });
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let (graceful, peers) = (GracefulShutdown::new(), Peers::default());
    while let Some(place) = until(&stop, places.clone().acquire_owned()).await {
        let Some(accepted) = until(&stop, listener.accept()).await else {
            break;
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let (served, watcher) = (served.clone(), graceful.watcher());
        let Some(peer_place) = peers.take(peer.ip().to_canonical(), served.serving.most_of(peer.ip())) else {
            tracing::debug!("an address holds too many connections; its newest one is closed");
            continue;
        };
        // Held until the connection is gone and what it leaves unfinished is a task of its own.
        let leaving = served.carried.token();
        tokio::spawn(async move {
            connection(stream, peer, served, watcher).await;
            drop((place, peer_place, leaving));
        });
    }
    drop(listener);
    let under_way = async {
        graceful.shutdown().await;
        served.carried.close();
        served.carried.wait().await;
    };
    if tokio::time::timeout(DRAIN_MAX, under_way).await.is_err() {
        tracing::warn!("some requests were not answered in time and are cut off");
    }
}

impl Serving {
    fn most_of(&self, peer: IpAddr) -> usize {
        match is_trusted(peer.to_canonical(), &self.trusted_proxies) {
            true => CONNECTIONS_MAX,
            false => self.connections_per_address,
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, served: Arc<Served>, watcher: Watcher) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let Some(tls) = &served.serving.tls else {
        return speak(stream, peer, served, watcher).await;
    };
    match tokio::time::timeout(HANDSHAKE_MAX, tls.accept(stream)).await {
        Ok(Ok(stream)) => speak(stream, peer, served, watcher).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn speak<S>(stream: S, peer: SocketAddr, served: Arc<Served>, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (header_max, timer) = (served.serving.header_max, HeadTimer::default());
    let stream = StallGuard::new(stream, STALL_MAX);
    let stream = Beneath::new(stream, served.front.clone(), timer.clone(), header_max);
    let answer = service_fn(move |request| match served.front.at_once(&request) {
        Some(response) => Either::Left(ready(Ok(response))),
        None => Either::Right(served.carry(request, peer)),
    });
    let connection = http1::Builder::new()
        .timer(timer)
        .header_read_timeout(header_max)
        .serve_connection(TokioIo::new(stream), answer);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke off");
    }
}

impl Served {
    /// The router's answer, made whether or not the client stays.
    fn carry(&self, mut request: hyper::Request<Incoming>, peer: SocketAddr) -> Carried<Infallible> {
        let address = client_address(peer.ip(), request.headers(), &self.serving.trusted_proxies);
        request.extensions_mut().insert(ClientAddress(address));
        let gone = ClientGone::default();
        request.extensions_mut().insert(gone.clone());
        let answered = self.front.clone().routed(request.map(timed));
        Carried::new(answered, self.carried.clone(), gone)
    }
}

/// The body as handlers read it; without one there is nothing to wait for.
fn timed(body: Incoming) -> Body {
    match body.is_end_stream() {
        true => Body::empty(),
        false => Body::new(TimedBody::new(body, BODY_MAX)),
    }
}

/// What the future gives, or nothing once `stop` is cancelled.
async fn until<T>(stop: &CancellationToken, future: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = stop.cancelled() => None,
        done = future => Some(done),
    }
}

/// Connections at once; further ones wait in the listener's queue.
pub const CONNECTIONS_MAX: usize = 4096;
/// Connections of one address at once, where it is no trusted proxy: further ones are closed.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 1024;
/// How long a request's head may take to arrive, and how long an idle connection is kept.
pub const HEADER_MAX: Duration = Duration::from_secs(30);
/// How long a TLS handshake may take.
pub const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// How long a request's body may take to arrive.
pub const BODY_MAX: Duration = Duration::from_secs(60);
/// How long a client may take nothing of an answer that waits for it.
pub const STALL_MAX: Duration = Duration::from_secs(30);
/// How long the requests under way are waited for when the process stops.
pub const DRAIN_MAX: Duration = Duration::from_secs(20);
/// The pause after a failed accept: the process has no more file descriptors, usually.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test]
    async fn requests_under_way_are_answered_when_the_process_stops_and_no_new_ones_are_taken() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, inside) = (CancellationToken::new(), CancellationToken::new());
        let (go, entered) = (stop.clone(), inside.clone());
        let router = Router::new().route(
            "/",
            get(move || async move {
                entered.cancel();
                go.cancelled().await;
                "answered"
            }),
        );
        let served = tokio::spawn(serve(listener, router, Serving::default(), stop.clone()));
        let mut client = TcpStream::connect(address).await.unwrap();
        client
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        inside.cancelled().await;
        stop.cancel();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("answered"), "{answer}");
        served.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn a_request_whose_client_hangs_up_is_carried_to_its_end_and_the_drain_waits_for_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, inside) = (CancellationToken::new(), CancellationToken::new());
        let (may_go_on, done) = (CancellationToken::new(), CancellationToken::new());
        let (entered, wait, ended) = (inside.clone(), may_go_on.clone(), done.clone());
        let step = move || async move {
            entered.cancel();
            wait.cancelled().await;
            tokio::task::yield_now().await;
            ended.cancel();
        };
        let router = Router::new().route("/", get(step));
        let served = tokio::spawn(serve(listener, router, Serving::default(), stop.clone()));
        let mut client = TcpStream::connect(address).await.unwrap();
        client
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        inside.cancelled().await;
        drop(client);
        stop.cancel();
        may_go_on.cancel();
        served.await.unwrap();
        assert!(done.is_cancelled());
    }

    #[tokio::test]
    async fn a_head_that_does_not_arrive_in_time_ends_its_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = Serving {
            header_max: Duration::from_millis(200),
            ..Serving::default()
        };
        let served = tokio::spawn(serve(listener, Router::new(), serving, stop.clone()));
        let begun = std::time::Instant::now();
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        let took = begun.elapsed();
        assert!(took >= Duration::from_millis(200), "{took:?}");
        stop.cancel();
        served.await.unwrap();
    }

    #[tokio::test]
    async fn an_address_holds_so_many_connections_and_no_more() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = Serving {
            connections_per_address: 2,
            ..Serving::default()
        };
        let router = Router::new().route("/", get(|| async { "answered" }));
        let served = tokio::spawn(serve(listener, router, serving, stop.clone()));
        let ask = async |client: &mut TcpStream| {
            let request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
            // One that was closed at once may refuse the request or the reading.
            if client.write_all(request).await.is_err() {
                return 0;
            }
            client.read(&mut [0; 512]).await.unwrap_or(0)
        };
        let mut held = Vec::new();
        for expected in [true, true, false] {
            let mut client = TcpStream::connect(address).await.unwrap();
            assert_eq!(ask(&mut client).await > 0, expected);
            held.push(client);
        }
        drop(held);
        let mut again = TcpStream::connect(address).await.unwrap();
        while ask(&mut again).await == 0 {
            again = TcpStream::connect(address).await.unwrap();
        }
        stop.cancel();
        drop(again);
        served.await.unwrap();
    }
}
