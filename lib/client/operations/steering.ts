/** Steers a running transfer: `pause$` holds it, and a signal ends it. */
import { Subscription } from 'rxjs';
import { onAbort } from '../../streams/abort-signal.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { type Gate, Hold } from '../../streams/gate.js';
import type { RetrOptions } from './transfer-options.js';

type Steering = Pick<RetrOptions, 'pause$' | 'signal'>;

/**
 * Runs a transfer into `sink` by `run`, whose sink it is to take instead; returns what cancels it. The gate is held while the last value of
 * `pause$` was true, and its completion releases the gate. Its error, or the signal's reason, is the transfer's.
 */
export function withPauseAndSignal(
  options: Steering,
  sink: ByteSink,
  gate: Gate,
  run: (sink: ByteSink) => () => void,
): () => void {
  const isSteered = options.pause$ !== undefined || options.signal !== undefined;
  return isSteered ? steer(options, sink, gate, run) : run(sink);
}

function steer(
  { pause$, signal }: Steering,
  sink: ByteSink,
  gate: Gate,
  run: (sink: ByteSink) => () => void,
): () => void {
  const hold = new Hold(gate);
  const steering = new Subscription();
  const fail = (error: unknown): void => {
    if (steering.closed) return;
    steering.unsubscribe();
    sink.error(error);
  };
  steering.add(onAbort(signal, fail));
  const pausing = pause$?.subscribe({
    next: (paused) => (paused ? hold.take() : hold.release()),
    complete: () => hold.release(),
    error: fail,
  });
  steering.add(pausing);
  if (!steering.closed) steering.add(run(endingWith(steering, sink, fail)));
  // Not before the transfer is cancelled, which would pass on the waiting bytes.
  steering.add(() => hold.release());
  return () => steering.unsubscribe();
}

/** `sink`, which ends the steering before its own end. */
function endingWith(steering: Subscription, sink: ByteSink, error: (error: unknown) => void): ByteSink {
  return {
    buffer: () => sink.buffer(),
    write: (chunk) => sink.write(chunk),
    complete(verifiedBy) {
      steering.unsubscribe();
      sink.complete(verifiedBy);
    },
    error,
  };
}
