/**
 * Spans and metrics of OpenTelemetry, from the events of a client and from the channels of node:diagnostics_channel.
 *
 * Run: npx tsx examples/open-telemetry.ts
 *  or: npx tsx examples/open-telemetry.ts ftp://user:password@host/dir/ file.txt
 */
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';
import { type RecordedSpan, recordingMeter, recordingTracer } from './support/recording-telemetry.js';
import { countFtp } from './telemetry/metrics.js';
import { traceFtp } from './telemetry/spans.js';

await using server = await exampleServer('logs/app.log');

// With an SDK: trace.getTracer('rxftp') and metrics.getMeter('rxftp') of '@opentelemetry/api'.
const tracer = recordingTracer(show);
const sums = new Map<string, number>();
const meter = recordingMeter((name, value, attributes) => {
  const key = `${name} ${Object.values(attributes).join(' ')}`;
  sums.set(key, (sums.get(key) ?? 0) + value);
});

function show({ name, attributes, startTime, endTime, events }: RecordedSpan): void {
  const ms = Number(endTime) - Number(startTime);
  const noted = events.map((event) => event.name).join(', ');
  console.log(`span: ${name} ${attributes['ftp.path'] ?? ''} ${ms.toFixed(1)} ms (${noted})`);
}

const stopCounting = countFtp(meter);
const ftp = new FtpClient(server.options);
traceFtp(ftp, tracer);
await lastValueFrom(ftp.retr$(server.path));
await lastValueFrom(ftp.lookup$('no such file'), { defaultValue: undefined });
await lastValueFrom(ftp.close$({ drain: true }));
stopCounting();
for (const [name, value] of sums) console.log(`${name}: ${Math.round(value)}`);
