/** Measures the parts that an import of the published package brings, as a bundler sees it. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { inCheckout, type Workshop } from '../lab/workshop.js';
import { markdownTable } from './markdown.js';

interface Bundle {
  readonly label: string;
  readonly contents: string;
  readonly external: readonly string[];
}

export async function bundleSection(workshop: Workshop): Promise<string> {
  const rows = await Promise.all(bundlesOf(workshop.builtPackage).map(measured));
  return ['### bundle', markdownTable(['what', 'files', 'minified KiB', 'gzip KiB'], rows)].join('\n\n');
}

function bundlesOf(builtPackage: string): readonly Bundle[] {
  const ours = (names: string): string => `export ${names} from ${JSON.stringify(builtPackage)}`;
  return [
    { label: 'rxftp, FtpClient alone', contents: ours('{ FtpClient }'), external: ['rxjs'] },
    { label: 'rxftp, FtpClient with rxjs', contents: ours('{ FtpClient }'), external: [] },
    { label: 'rxftp, everything', contents: ours('*'), external: ['rxjs'] },
    { label: 'rxftp, isFtpError alone', contents: ours('{ isFtpError }'), external: ['rxjs'] },
    { label: 'basic-ftp', contents: "export { Client } from 'basic-ftp'", external: [] },
  ];
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
  // The entry itself is nobody's file.
  const files = Object.keys(metafile.inputs).length - 1;
  return [label, String(files), kibibytes(code.length), kibibytes(gzipSync(code).length)];
}
