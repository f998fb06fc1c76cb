// The feed under k6, by people who are signed in and drawn by Zipf.
//
//   BASE_URL   where Rambla is (http://127.0.0.1:8000)
//   FOLDER     where the files `credentials` (a header a line) and `picks` (a place in that list a line) are; bin/bench
//              feed writes them. TOKEN instead of it: everybody is the bearer of this one.
//   FORM       rate: RATE requests a second (10000) whatever the answers take, for DURATION (30s)
//              vus:  100 who ask again when they have their answer, for 30 seconds
//   SUMMARY    a file for k6's own summary as JSON
import http from "k6/http";
import { check } from "k6";
import { SharedArray } from "k6/data";

const base = __ENV.BASE_URL || "http://127.0.0.1:8000";
const form = __ENV.FORM || "vus";
const rate = Number(__ENV.RATE || 10000);
const duration = __ENV.DURATION || "30s";

const lines = (name) => open(`${__ENV.FOLDER}/${name}`).trim().split("\n");
const credentials = new SharedArray("credentials", () =>
  __ENV.FOLDER ? lines("credentials") : [`Authorization: Bearer ${__ENV.TOKEN}`],
);
const picks = new SharedArray("picks", () => (__ENV.FOLDER ? lines("picks").map(Number) : [1]));

const forms = {
  rate: { executor: "constant-arrival-rate", rate, timeUnit: "1s", duration, preAllocatedVUs: 100, maxVUs: 400 },
  vus: { executor: "constant-vus", vus: 100, duration },
};

export const options = {
  scenarios: { feed: forms[form] },
  discardResponseBodies: true,
  summaryTrendStats: ["avg", "min", "med", "p(90)", "p(95)", "p(99)", "max"],
  thresholds: {
    http_req_failed: ["rate==0"],
    http_req_duration: ["p(99)<50"],
    dropped_iterations: ["count==0"],
  },
};

export default function () {
  const line = credentials[picks[Math.floor(Math.random() * picks.length)] - 1];
  const colon = line.indexOf(": ");
  const answer = http.get(`${base}/v1/feed?limit=50`, {
    headers: { "Accept-Encoding": "gzip", [line.slice(0, colon)]: line.slice(colon + 2) },
    cookies: {},
  });
  check(answer, { "is a page": (a) => a.status === 200 });
}

export function handleSummary(data) {
  const found = { stdout: `${JSON.stringify(data.metrics.http_req_duration.values)}\n` };
  if (__ENV.SUMMARY) found[__ENV.SUMMARY] = JSON.stringify(data, null, 1);
  return found;
}
