import { createHelperJobs } from './app/helper-jobs.ts'
import { serveJobs } from './kernel/helpers/serve-jobs.ts'

// The entry of a helper process, which app/open-helpers.ts starts.
serveJobs(process, createHelperJobs())
