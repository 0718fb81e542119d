import { host, oneOf, passwordsIn, text, webUrl, wholeNumber } from './forms.ts'
import { groupWith, variable } from './variable.ts'

/** What a process tells about itself. */
export const telemetry = {
  logLevel: variable(oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), {
    name: 'LOG_LEVEL',
    default: 'info',
    meaning: 'The least severe lines to log, as JSON on standard output.',
    isSecret: false,
  }),
  metrics: groupWith('port', {
    host: variable(host, {
      name: 'METRICS_HOST',
      default: '127.0.0.1',
      meaning: 'The address on which each process serves `/metrics`.',
      isSecret: false,
    }),
    port: variable(wholeNumber(0, 65_535), {
      name: 'METRICS_PORT',
      default: undefined,
      meaning: 'The port on which each process serves `/metrics`; 0 takes any free one. Absent: nothing is counted.',
      isSecret: false,
    }),
  }),
  traces: groupWith('endpoint', {
    endpoint: variable(webUrl, {
      name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      default: undefined,
      meaning:
        'Where spans go, by OTLP over HTTP, such as `http://collector:4318`; it may hold a password. Absent: there are no spans.',
      isSecret: true,
      secretsIn: passwordsIn,
    }),
    serviceName: variable(text, {
      name: 'OTEL_SERVICE_NAME',
      default: 'backchannel',
      meaning: 'The name of the service in spans.',
      isSecret: false,
    }),
  }),
}
