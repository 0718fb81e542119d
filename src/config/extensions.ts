import { list } from './forms.ts'
import { variable } from './variable.ts'

/** What abilities and attachments may reach. */
export const extensions = {
  fetchAllow: variable(
    list(
      (entry) => /^(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d{1,5})?$/.test(entry),
      'hosts, or host:port, with commas between',
    ),
    {
      name: 'FETCH_ALLOW',
      default: [],
      meaning: 'Internal hosts that abilities and attachments may reach. Absent: none.',
      isSecret: false,
    },
  ),
}
