import module from 'node:module';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, say } from './commands/output.ts';

/* Runs `pnpm switchyard`: maintenance of an installation. Only the modules of one command are loaded. */

/** A backup yields to the server, from the start: loading its modules takes as long as a small backup. Threads have the priority of their creator. */
const LOWER_PRIORITY = 10;
if (process.argv[2] === 'backup') setPriority(LOWER_PRIORITY);

module.enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled'));
const [{ readConfig }, { parseCopyAddress }] = await Promise.all([import('./config.ts'), import('./store/copy/copy-address.ts')]);

const USAGE = `Usage: switchyard backup <folder> [--include-key]
       switchyard restore <folder>
       switchyard release-runs [--url <address>]
       switchyard copy --from <store> --to <store>
       switchyard compact
       switchyard run <file> [--input <json>]
       switchyard test <file>
       switchyard eval <file> [--url <address>] [--junit <file>]
       switchyard verify <file> [--key <public key>] [--head <hash>]

backup        Writes a backup of the installation into a new folder, while its server runs.
              --include-key adds the key that secrets are encrypted with. Then keep the backup as safe as the key.
restore       Restores a backup into an empty installation. Runs that were open are held until you release them.
release-runs  Continues the runs that a restore holds. If the server has a password, set SWITCHYARD_TOKEN to an API
              token with the scope admin.
copy          Copies an installation from one store to another, and checks that both contain the same. The target must
              be empty. Stop the server first.
compact       Returns free space in the SQLite database to the disk. Stop the server first.
run           Runs an exported workflow with an input, or its first sample, and prints its output.
test          Runs all sample inputs of an exported workflow, and compares the outputs with what the samples expect.
              Both run in an installation of their own, with the demo model, and exit with 1 on a failure or difference.
eval          Runs the experiment of a file and exits with 1 if a threshold fails. --junit writes a report for CI. Runs in an
              installation of its own, with OPENAI_API_KEY or ANTHROPIC_API_KEY, or on the server at --url with the
              API token in SWITCHYARD_TOKEN.
verify        Verifies the evidence of a run, or an exported audit trail, offline, and exits with 1 if it is invalid.
              --key is the public key that must have signed it, --head the hash of the daily head that the run must be in.

An interrupted restore or copy continues when you run the same command again. All but copy, run,
test, eval, and verify use the installation of DATA_DIR and MONGODB_URI.

Stores:       sqlite:./data            the data directory of an installation
              mongodb://host/database  a MongoDB`;

const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      url: { type: 'string' },
      input: { type: 'string' },
      junit: { type: 'string' },
      key: { type: 'string' },
      head: { type: 'string' },
      'include-key': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return say(USAGE);
  const [command, folder, ...more] = positionals;
  if (more.length > 0) return fail(USAGE);
  if (command === 'copy' && folder === undefined && values.from !== undefined && values.to !== undefined) {
    const { copy } = await import('./commands/copy.ts');
    return copy(parseCopyAddress('from', values.from), parseCopyAddress('to', values.to));
  }
  if (command === 'backup' && folder !== undefined) {
    const { backup } = await import('./commands/backup.ts');
    return backup(readConfig(process.env), folder, values['include-key'] ?? false);
  }
  if (command === 'restore' && folder !== undefined) {
    const { restore } = await import('./commands/restore.ts');
    return restore(readConfig(process.env), folder);
  }
  if (command === 'release-runs' && folder === undefined) {
    const { releaseRuns } = await import('./commands/release-runs.ts');
    return releaseRuns(readConfig(process.env), values.url);
  }
  if (command === 'compact' && folder === undefined) {
    const { compact } = await import('./commands/compact.ts');
    return compact(readConfig(process.env));
  }
  if ((command === 'run' || command === 'test') && folder !== undefined) {
    const { runFile, testFile } = await import('./commands/run-file.ts');
    if (!(await (command === 'run' ? runFile(folder, values.input) : testFile(folder)))) process.exit(1);
    return;
  }
  if (command === 'verify' && folder !== undefined) {
    const { verifyFile } = await import('./commands/verify.ts');
    if (!verifyFile(folder, { publicKey: values.key, dayHead: values.head })) process.exit(1);
    return;
  }
  if (command === 'eval' && folder !== undefined) {
    const { evalFile } = await import('./commands/eval/eval-command.ts');
    const { url, junit } = values;
    if (!(await evalFile(folder, { url, junit, token: process.env.SWITCHYARD_TOKEN, env: process.env }))) process.exit(1);
    return;
  }
  return fail(USAGE);
};

await main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
process.exit(0);
