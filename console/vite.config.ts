import type { UserConfig } from 'vite'

/** The server answers with index.html at the pages' paths, and with everything else below `/console/`. */
export default {
  root: import.meta.dirname,
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome123', 'firefox121', 'safari17.5'],
    reportCompressedSize: false,
  },
} satisfies UserConfig
