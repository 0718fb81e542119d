import { host, list, onOrOff, urlPath, wholeNumber } from './forms.ts'
import { variable } from './variable.ts'

/** Where the server listens, who may call it. */
export const server = {
  port: variable(wholeNumber(0, 65_535), {
    name: 'PORT',
    default: '4000',
    meaning: 'The port to listen on; 0 takes any free one.',
    isSecret: false,
  }),
  host: variable(host, {
    name: 'HOST',
    default: '127.0.0.1',
    meaning: 'The address to listen on; without `API_KEYS` it must be a loopback address, because no other is safe.',
    isSecret: false,
  }),
  keepAliveSeconds: variable(wholeNumber(1, 3600), {
    name: 'KEEP_ALIVE_SECONDS',
    default: '75',
    meaning:
      'How long an idle connection stays open; longer than your load balancer keeps it, or requests meet a closed connection. Most keep it 60 seconds, that of Google Cloud 600.',
    isSecret: false,
  }),
  corsOrigins: variable(
    list(
      (entry) => entry === '*' || isOrigin(entry),
      'origins such as https://app.example.com or capacitor://localhost, without a path, with commas between, or *',
    ),
    {
      name: 'CORS_ORIGINS',
      default: [],
      meaning: 'The origins whose pages may call; `*`, which needs `API_KEYS`, allows all.',
      isSecret: false,
    },
  ),
  introspection: variable(onOrOff, {
    name: 'INTROSPECTION',
    default: 'on',
    meaning: 'Whether clients may ask for the GraphQL schema.',
    isSecret: false,
  }),
  graphiql: variable(onOrOff, {
    name: 'GRAPHIQL',
    default: 'on',
    meaning: 'Whether browsers get GraphiQL at the GraphQL paths.',
    isSecret: false,
  }),
  aiSdkPath: variable(urlPath, {
    name: 'AI_SDK_PATH',
    default: '/ai-sdk/chat',
    meaning: 'Where `useChat` of the AI SDK finds its chat: the `api` of its transport.',
    isSecret: false,
  }),
  console: variable(onOrOff, {
    name: 'CONSOLE',
    default: 'on',
    meaning: 'Whether browsers get the console at `/`.',
    isSecret: false,
  }),
  shutdownDrainMs: variable(wholeNumber(0, 600_000), {
    name: 'SHUTDOWN_DRAIN_MS',
    default: '500',
    meaning:
      'How long an API process goes on serving after SIGTERM while `/ready` already answers 503; longer than your load balancer takes to notice.',
    isSecret: false,
  }),
}

/**
 * As browsers write it: `null`, a path, a default port or a capital letter never equals one of theirs. Pages of apps have
 * a scheme of their own, such as `capacitor:`, `tauri:` or `chrome-extension:`.
 */
function isOrigin(entry: string): boolean {
  if (/^https?:/.test(entry)) return URL.canParse(entry) && new URL(entry).origin === entry
  return (
    /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(:\d+)?$/.test(entry) && !/^(file|data|blob|javascript|wss?|ftp):/.test(entry)
  )
}
