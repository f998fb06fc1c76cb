// graphile-worker, led by the same command line as the others: see program.py.
import { setTimeout as sleep } from "node:timers/promises";
import { Logger, makeWorkerUtils, run, runMigrations } from "graphile-worker";

const CHUNK = 1000;
const [command, connectionString, count = "0", more = "{}"] = process.argv.slice(2);
const logger = new Logger(() => () => {});
const now = () => Number(process.hrtime.bigint()) / 1e9; // CLOCK_MONOTONIC, as in the other programs
const say = (facts) => console.log(JSON.stringify(facts));

const commands = {
  install: () => runMigrations({ connectionString, logger }),

  async load() {
    const utils = await makeWorkerUtils({ connectionString, logger });
    const started = now();
    for (let start = 0; start < Number(count); start += CHUNK) {
      const size = Math.min(CHUNK, Number(count) - start);
      await utils.addJobs(Array.from({ length: size }, () => ({ identifier: "noop", payload: {} })));
    }
    say({ seconds: now() - started });
    await utils.release();
  },

  async insert() {
    const utils = await makeWorkerUtils({ connectionString, logger });
    const pause = Number(more) * 1000;
    const sent = [];
    const spent = [];
    await utils.addJob("noop", { number: -1 }); // the first call plans and prepares
    for (let number = 0; number < Number(count); number++) {
      if (pause) await sleep((0.5 + Math.random()) * pause);
      sent.push(now());
      await utils.addJob("noop", { number });
      spent.push(now() - sent.at(-1));
    }
    say({ sent, spent });
    await utils.release();
  },

  async work(handle = counter(Number(count))) {
    const { concurrency, ...worker } = JSON.parse(more);
    say({ began: now() });
    const runner = await run({
      connectionString,
      concurrency,
      maxPoolSize: concurrency + 4,
      taskList: { noop: async (payload) => handle(payload.number) },
      preset: { worker: { logger, ...worker } },
    });
    await runner.promise;
  },

  listen: () => commands.work((number) => say({ number, at: now() })),
};

function counter(wanted) {
  const step = Math.max(1, Math.floor(wanted / 20));
  let count = 0;
  return () => {
    if (++count % step === 0) say({ count, at: now() });
    if (count === wanted) say({ handled: now() });
  };
}

await commands[command]();
