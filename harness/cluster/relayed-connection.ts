/**
 * One TCP connection relayed between two nodes, as two streams, each behind the gate of its own direction.
 *
 * A closed gate holds everything that travels its way: bytes, the end of the stream, a reset. The stream's source is
 * not read any more, so the kernel's buffers fill and then the sender waits: what is held is bounded by them. When
 * the gate opens, all of it flows on in order. Bytes that the relay had handed to the kernel before the cut were
 * past it, as bytes on a wire would be.
 *
 * A gate with a shape lets bytes pass late or slowly, through a lane of its own for each stream; what is in the lane is
 * past the gate. A gate that breaks connections resets them at both ends, holds what travels on those that it has
 * forgotten as if it were closed to them alone, or tells the sink that the stream has ended and drops what follows.
 *
 * A connection that begins while either gate is closed is accepted and stays silent both ways until both are open:
 * across a real cut its handshake could not have completed.
 */
import { connect, type Socket } from "node:net";
import type { Gate } from "./gate.ts";
import { SlowLane } from "./slow-lane.ts";

export type Relay = {
  readonly forward: Gate;
  readonly backward: Gate;
  /** Where the accepted connection wants to go. */
  readonly target: { readonly host: string; readonly port: number };
};

/**
 * `near` was accepted, paused and half-open allowed; it is read from when the connection beyond is made. When that
 * is refused, because the node is down, or a gate resets all connections, `near` is reset. Resolves when both ends
 * are closed.
 */
export async function relayConnection(near: Socket, { forward, backward, target }: Relay): Promise<void> {
  near.setNoDelay(true);
  near.on("error", () => {});
  while (!(forward.isOpen && backward.isOpen)) await Promise.all([forward.opened(), backward.opened()]);
  if (near.destroyed) return;
  const far = forward.isReset || backward.isReset ? undefined : await connectTo(target);
  if (far === undefined) {
    near.resetAndDestroy();
    return;
  }
  await Promise.all([passOn(near, far, forward), passOn(far, near, backward)]);
}

/** Undefined when nobody is there. */
async function connectTo(target: Relay["target"]): Promise<Socket | undefined> {
  const far = connect({ ...target, noDelay: true, allowHalfOpen: true });
  far.on("error", () => {});
  const isConnected = await new Promise<boolean>((resolve) => {
    far.once("connect", () => resolve(true));
    far.once("close", () => resolve(false));
  });
  return isConnected ? far : undefined;
}

/** Resolves when the source is closed and the sink knows it. */
function passOn(source: Socket, sink: Socket, gate: Gate): Promise<void> {
  const flow = (): void => {
    if (passage.isReset) {
      lane.close();
      source.resetAndDestroy();
      sink.resetAndDestroy();
    } else if (passage.isOpen && !sink.writableNeedDrain && !lane.isFull) source.resume();
    else source.pause();
    if (passage.hasEnded && !sink.writableEnded) lane.afterAll(() => sink.end());
  };
  const lane = new SlowLane((chunk) => {
    if (sink.writable) sink.write(chunk);
  }, flow);
  const { passage, leave } = gate.enter(flow);
  source.on("data", (chunk: Buffer) => {
    // After the end that a half-close made of it, the stream goes nowhere.
    if (!passage.hasEnded) lane.take(chunk, passage.shape);
    flow();
  });
  // A paused stream that is empty still says that it ended.
  source.on("end", () => void passage.whenOpen(() => lane.afterAll(() => sink.end())));
  sink.on("drain", flow);
  flow();
  return new Promise((resolve) => {
    source.on("close", () => {
      void passage.whenOpen(() => {
        leave();
        if (source.errored !== null) lane.close();
        lane.afterAll(() => {
          if (source.errored !== null || !sink.writableEnded) sink.resetAndDestroy();
          resolve();
        });
      });
    });
  });
}
