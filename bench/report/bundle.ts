/** What `import { FtpClient }` brings along, as a bundler sees it. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { inCheckout } from '../lab/workshop.js';
import { markdownTable } from './markdown.js';

interface Bundle {
  readonly label: string;
  readonly contents: string;
  readonly external: readonly string[];
}

const ours = `export { FtpClient } from ${JSON.stringify(inCheckout('lib/index.ts'))}`;

const bundles: readonly Bundle[] = [
  { label: 'rxftp, FtpClient alone', contents: ours, external: ['rxjs'] },
  { label: 'rxftp, FtpClient with rxjs', contents: ours, external: [] },
  { label: 'rxftp, everything', contents: ours.replace('{ FtpClient }', '*'), external: ['rxjs'] },
  { label: 'basic-ftp', contents: "export { Client } from 'basic-ftp'", external: [] },
];

export async function bundleSection(): Promise<string> {
  const rows = await Promise.all(bundles.map(measured));
  return ['### bundle', markdownTable(['what', 'modules', 'minified KiB', 'gzip KiB'], rows)].join('\n\n');
}

async function measured({ label, contents, external }: Bundle): Promise<readonly string[]> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: inCheckout('.') },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    external: [...external],
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const kibibytes = (bytes: number): string => (bytes / 1024).toFixed(1);
  // The entry itself is no module of anybody's.
  const modules = Object.keys(metafile.inputs).length - 1;
  return [label, String(modules), kibibytes(code.length), kibibytes(gzipSync(code).length)];
}
