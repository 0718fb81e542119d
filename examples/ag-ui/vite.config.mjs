/** @type {import('vite').UserConfig} */
export default {
  // The page awaits its token before anything else.
  build: { target: 'es2022' },
  server: { proxy: { '/my-chat': 'http://127.0.0.1:4001', '/ag-ui': 'http://127.0.0.1:4000' } },
}
