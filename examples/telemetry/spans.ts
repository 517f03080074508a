/** Makes OpenTelemetry spans of the events of a client: one for each login, and one for each transfer. */
import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import type { Subscription } from 'rxjs';
import type { FtpClient, FtpEvent } from '../../lib/index.js';
import { printable } from '../../lib/protocol/index.js';

/** Traces a client until it is closed, or the subscription ends. `parent` is the context of its spans. */
export function traceFtp(
  { events$ }: Pick<FtpClient, 'events$'>,
  tracer: Pick<Tracer, 'startSpan'>,
  parent: Context = context.active(),
): Subscription {
  const spans = new FtpSpans(tracer, parent);
  const subscription = events$.subscribe((event) => spans.take(event));
  subscription.add(() => spans.endAll());
  return subscription;
}

class FtpSpans {
  readonly #tracer: Pick<Tracer, 'startSpan'>;
  readonly #parent: Context;
  /** By session, and by transfer; the numbers are those of one client. */
  readonly #open = new Map<string, { readonly session: number; readonly span: Span }>();

  constructor(tracer: Pick<Tracer, 'startSpan'>, parent: Context) {
    this.#tracer = tracer;
    this.#parent = parent;
  }

  take(event: FtpEvent): void {
    const { session } = event;
    if (event.type === 'connecting') {
      const server = { 'server.address': event.host, 'server.port': event.port };
      this.#start(`login ${session}`, 'ftp login', event, server);
    } else if (event.type === 'transfer-started') {
      this.#start(`transfer ${event.id}`, `ftp ${event.direction}`, event, attributesOf(event));
    } else if (event.type === 'ready') {
      this.#end(`login ${session}`, event);
    } else if (event.type === 'transfer-ended') {
      this.#end(`transfer ${event.id}`, event, event.end === 'failed' ? 'the transfer failed' : undefined);
    } else if (event.type === 'closed') {
      // Only a login that has not ended is open: transfers tell their own end.
      this.#end(`login ${session}`, event, event.cause.message);
    } else {
      this.#note(event);
    }
  }

  endAll(): void {
    for (const { span } of this.#open.values()) span.end();
    this.#open.clear();
  }

  #start(key: string, name: string, { session, at }: FtpEvent, attributes: Attributes): void {
    const options = { kind: SpanKind.CLIENT, startTime: at, attributes: { ...attributes, 'ftp.session': session } };
    this.#open.set(key, { session, span: this.#tracer.startSpan(name, options, this.#parent) });
  }

  #end(key: string, event: FtpEvent, failure?: string): void {
    const span = this.#open.get(key)?.span;
    this.#open.delete(key);
    span?.setAttributes(attributesOf(event));
    if (failure !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    span?.end(event.at);
  }

  /** Fallbacks, dropped replies and the like become events of their session's spans. */
  #note(event: FtpEvent): void {
    for (const { session, span } of this.#open.values())
      if (session === event.session) span.addEvent(event.type, attributesOf(event), event.at);
  }
}

/** The fields of an event; those that are objects, by their text. */
function attributesOf({ type: _type, at: _at, session: _session, ...fields }: FtpEvent): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(fields)) attributes[`ftp.${name}`] = attributeOf(value);
  return attributes;
}

function attributeOf(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Error) return value.message;
  if (typeof value === 'string') return printable(value);
  // A reply. Texts of a server may have control characters.
  const { code, text } = value as { readonly code?: number; readonly text?: string };
  return code === undefined ? undefined : printable(`${code} ${text}`);
}
