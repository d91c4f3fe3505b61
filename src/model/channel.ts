/** How every connection to the Temporal server behaves: the daemon's, and those of the programs that talk to it. */
export const CHANNEL = {
  // A proxy that the environment names must not stand between.
  'grpc.enable_http_proxy': 0,
  // Left to itself, gRPC looks ever more seldom whether a server is back: at last every two minutes.
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 1_000,
};
