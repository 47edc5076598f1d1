# The gateway in a container: docker build -t ayni . ; the data directory is a volume, the master key is given at run time.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p ayni --features otel

FROM debian:bookworm-slim
RUN groupadd --gid 10001 ayni \
 && useradd --uid 10001 --gid ayni --no-create-home --home-dir /var/lib/ayni --shell /usr/sbin/nologin ayni \
 && install -d -o ayni -g ayni -m 0700 /var/lib/ayni
COPY --from=build /src/target/release/ayni /usr/bin/ayni
USER 10001:10001
ENV AYNI_DATA_DIR=/var/lib/ayni AYNI_LISTEN=0.0.0.0:8080
VOLUME /var/lib/ayni
EXPOSE 8080
STOPSIGNAL SIGTERM
# No shell tools are in the image for this: the program looks at its own database, keys and clock.
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["/usr/bin/ayni", "doctor"]
ENTRYPOINT ["/usr/bin/ayni"]
CMD ["serve"]
