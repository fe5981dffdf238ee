/**
 * What a client may ask of an HTTP port before it is known what it wants: bytes of headers, time to send them, connections
 * at once. Whoever exceeds one is answered or cut off, and costs no more than this.
 */
export type ListenerBounds = {
  /** Of the request line and all headers. Beyond it 431, and the connection ends. */
  readonly headerBytesMax: number;
  /** For the head of a request to arrive whole; then 408, and the connection ends. */
  readonly headersMs: number;
  /** For a whole request; then the connection is cut, since its call is being answered already. */
  readonly requestMs: number;
  /** An idle connection is kept so long. */
  readonly keepAliveMs: number;
  /** Between two looks at who is too slow. */
  readonly checkMs: number;
  /** Beyond it a connection is closed as soon as it is made. */
  readonly connectionCountMax: number;
  /** Bytes of all bodies on their way together; beyond it 429. */
  readonly heldBodyBytesMax: number;
  /** An unread body up to this size is read and dropped, so that its connection can serve on. */
  readonly droppedBodyBytesMax: number;
};

export const defaultBounds: ListenerBounds = {
  headerBytesMax: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 60_000,
  checkMs: 1000,
  connectionCountMax: 10_000,
  heldBodyBytesMax: 256 * 1024 * 1024,
  droppedBodyBytesMax: 4 * 1024 * 1024,
};
