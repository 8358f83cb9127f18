// Bundles the server into dist/: one file per entry, so that a cold start reads few files.
// Packages with native parts, and those that only some installations load, stay outside.
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'

const outdir = new URL('../dist/', import.meta.url).pathname
await rm(outdir, { recursive: true, force: true })
await build({
  absWorkingDir: new URL('..', import.meta.url).pathname,
  entryPoints: {
    main: 'src/main.ts',
    'media-worker': 'src/media/worker.ts',
    'page-worker': 'src/reading/page-worker.ts',
  },
  outdir,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: 'linked',
  legalComments: 'none',
  // The text of a program stays in memory as long as it runs.
  minifyWhitespace: true,
  minifySyntax: true,
  external: [
    'sharp',
    '@node-rs/argon2',
    '@photostructure/sqlite',
    'pg',
    'pg-native',
    'ioredis',
    'playwright-core',
    'canvas',
  ],
  // Bundled CommonJS packages still call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
