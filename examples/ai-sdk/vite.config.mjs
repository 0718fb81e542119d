/** @type {import('vite').UserConfig} */
export default {
  oxc: { jsx: { runtime: 'automatic' } },
  // The page awaits its token before anything else.
  build: { target: 'es2022' },
  server: {
    proxy: { '/my-chat': 'http://127.0.0.1:4001', '/ai-sdk': { target: 'http://127.0.0.1:4000', ws: true } },
  },
}
