/** Stands in for the SDK of OpenTelemetry: a tracer and a meter that report their calls. */
import {
  type Attributes,
  type Context,
  INVALID_SPAN_CONTEXT,
  type Meter,
  type Span,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
  type Tracer,
  trace,
} from '@opentelemetry/api';

/** A span that has ended. */
export interface RecordedSpan {
  readonly name: string;
  readonly attributes: Attributes;
  readonly startTime: TimeInput | undefined;
  readonly parent: Context | undefined;
  readonly events: { readonly name: string; readonly attributes: unknown; readonly time: unknown }[];
  status: SpanStatus;
  endTime: TimeInput | undefined;
}

/** `onEnd` receives each span at its end. */
export function recordingTracer(onEnd: (span: RecordedSpan) => void): Pick<Tracer, 'startSpan'> {
  return {
    startSpan(name, { attributes, startTime } = {}, parent = undefined) {
      const status = { code: SpanStatusCode.UNSET };
      return spanOf(
        { name, attributes: { ...attributes }, startTime, parent, events: [], status, endTime: undefined },
        onEnd,
      );
    },
  };
}

function spanOf(recorded: RecordedSpan, onEnd: (span: RecordedSpan) => void): Span {
  const span: Span = Object.assign(Object.create(trace.wrapSpanContext(INVALID_SPAN_CONTEXT)), {
    setAttributes(attributes: Attributes): Span {
      Object.assign(recorded.attributes, attributes);
      return span;
    },
    addEvent(name: string, attributes?: unknown, time?: unknown): Span {
      recorded.events.push({ name, attributes, time });
      return span;
    },
    setStatus(status: SpanStatus): Span {
      recorded.status = status;
      return span;
    },
    end(time?: TimeInput): void {
      recorded.endTime = time;
      onEnd(recorded);
    },
  });
  return span;
}

/** `onMeasured` receives each value, with the name of its instrument. */
export function recordingMeter(
  onMeasured: (name: string, value: number, attributes: Attributes) => void,
): Pick<Meter, 'createCounter' | 'createHistogram'> {
  return {
    createCounter: (name) => ({ add: (value, attributes?: Attributes) => onMeasured(name, value, attributes ?? {}) }),
    createHistogram: (name) => ({
      record: (value, attributes?: Attributes) => onMeasured(name, value, attributes ?? {}),
    }),
  };
}
