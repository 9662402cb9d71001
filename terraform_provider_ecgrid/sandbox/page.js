"use strict";
// Whatever a client sent becomes text, by `append` and `textContent` alone; the page's policy forbids everything else.

const POLL_MS = 1000;
const RETRY_MS = 2000;
const GIVE_UP_MS = 5000;
const ANNOUNCE_MS = 5000; // a listener hears sums, not every request of a run
const WRITES = new Set(["create", "update", "delete"]);
const MEANINGS = {
  registrations: "— one entry for each registration, with its status.",
  events: "— an event is a registration; the queue has an entry for each of its deliveries.",
};

const at = (id) => document.getElementById(id);
const body = (id) => at(id).querySelector("tbody");

let latest = null; // what is shown
let paused = false;
let asking = false;
let timer = 0;

async function ask() {
  clearTimeout(timer);
  if (paused || asking || document.hidden) return;
  asking = true;
  let answer = null;
  try {
    const response = await fetch("live", { cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS) });
    if (response.ok) answer = await response.json();
  } catch {
    // Stopped, or too slow: either way it is asked again.
  }
  asking = false;
  timer = setTimeout(ask, answer ? POLL_MS : RETRY_MS);
  if (paused) return;
  if (answer) {
    const before = latest;
    latest = answer;
    show(before !== null);
    if (before) note(before, answer);
  }
  connection(answer ? "Live" : "Not answering, trying again", answer ? "good" : "bad");
}

function connection(text, kind) {
  // Written when it changes only, because a screen reader says whatever is written.
  if (at("connection").textContent === text) return;
  at("connection").textContent = text;
  at("connection").className = `pill ${kind}`;
}

function show(highlight) {
  const { lookups, registrations, requests, deliveries } = latest;
  at("lookups").textContent = lookups;
  at("lookups-meaning").textContent = MEANINGS[lookups] ?? "";
  const chosen = at("writes").checked ? requests.shown.filter((one) => WRITES.has(one.call)) : requests.shown;
  fill("registrations", registrations, registrations.shown, "callbackId", registrationRow, highlight);
  fill("requests", requests, chosen, "number", requestRow, highlight);
  fill("deliveries", deliveries, deliveries.shown, "callbackEventId", deliveryRow, highlight);
}

function fill(id, { total, shown }, chosen, key, rowOf, highlight) {
  at(`${id}-count`).textContent = total > shown.length ? `newest ${shown.length} of ${total}` : `${total}`;
  at(`${id}-empty`).hidden = chosen.length > 0;
  const rows = new Map(Array.from(body(id).rows, (row) => [row.dataset.key, row]));
  const wanted = new Set(chosen.map((one) => String(one[key])));
  for (const [name, row] of rows) if (!wanted.has(name)) row.remove();
  chosen.forEach((one, index) => {
    const text = JSON.stringify(one);
    let row = rows.get(String(one[key]));
    // A row that says the same stays, so that nobody loses a selection or a place to new arrivals.
    if (row?.shows !== text) {
      const fresh = rowOf(one);
      fresh.dataset.key = one[key];
      fresh.shows = text;
      fresh.classList.toggle("fresh", highlight);
      row?.replaceWith(fresh);
      row = fresh;
    }
    const there = body(id).rows[index] ?? null;
    if (there !== row) body(id).insertBefore(row, there);
  });
}

function registrationRow(one) {
  const scope = [["mailbox", one.mailboxId], ["network", one.networkId]].filter(([, id]) => id);
  const held = one.held.length ? `, ${one.held.join(" and ")} held` : "";
  const cells = [
    ["Id", make("th", "", String(one.callbackId))],
    ["URL", make("td", "", make("span", "code", one.url))],
    ["Event", make("td", "", one.event)],
    ["Status", make("td", "", make("span", statusKind(one.status), one.status))],
    ["Scope", make("td", "", scope.map((pair) => pair.join("\u00a0")).join(", ") || "not scoped")],
    ["Authentication", make("td", "", one.httpAuthType + held)],
  ];
  const row = make("tr", "", ...cells.map(([, cell]) => cell));
  row.setAttribute("role", "row");
  for (const [label, cell] of cells) {
    cell.dataset.label = label;
    cell.setAttribute("role", label === "Id" ? "rowheader" : "cell");
  }
  cells[0][1].scope = "row";
  return row;
}

function requestRow(one) {
  const call = make("div", "code", make("span", "method", one.method), " ", make("span", "path", one.path));
  const request = make("td", "", call, fieldsOf(one.fields));
  if (one.refusal) request.append(make("div", "code warn", one.refusal));
  if (one.fault) request.append(make("div", "code warn", `by --fault ${one.fault}`));
  const kind = one.status >= 500 || !one.status ? "bad" : one.status >= 400 ? "warn" : "good";
  return make("tr", "", make("td", "", moment(one.at)), request, make("td", `answer ${kind}`, answered(one.status)));
}

function deliveryRow(one) {
  const fields = ["callbackId", "event", "callbackEventId"].map((name) => [name, String(one[name])]);
  const delivery = make("td", "", make("div", "code", one.endpoint), fieldsOf(fields));
  const said = one.httpStatus === null ? "" : one.httpStatus === 0 ? ", no connection" : `, ${one.httpStatus}`;
  const kind = { Delivered: "good", Pending: "warn" }[one.status] ?? "bad";
  const result = make("td", `answer ${kind}`, one.status + said);
  return make("tr", "", make("td", "", moment(one.created)), delivery, result);
}

function fieldsOf(pairs) {
  const fields = pairs.map(([name, value]) => make("span", "code", make("span", "muted", `${name}: `), value));
  return make("div", "fields", ...fields.flatMap((field) => [field, " "]));
}

function make(name, className, ...content) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

function moment(iso) {
  const date = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  const today = date.toDateString() === new Date().toDateString();
  const element = make("time", "", ...(today ? [time] : [day, make("br", ""), time]));
  element.dateTime = iso;
  return element;
}

function answered(status) {
  return status ? String(status) : "none";
}

function statusKind(status) {
  return { Active: "good", Suspended: "warn", Terminated: "bad" }[status] ?? "muted";
}

// What a screen reader is told, now and then: how much is new, and how the last of it ended.
let untold = { requests: 0, deliveries: 0 };
let lastTold = 0;

function note(before, now) {
  for (const name of Object.keys(untold)) {
    const more = now[name].total - before[name].total;
    untold[name] += more >= 0 ? more : now[name].total; // fewer: the sandbox was started again
  }
  const { requests, deliveries } = untold;
  if (!requests && !deliveries || Date.now() - lastTold < ANNOUNCE_MS) return;
  const parts = [];
  if (requests) {
    const last = now.requests.shown[0];
    parts.push(`${counted(requests, "request")}, last ${last.call}, answer ${answered(last.status)}`);
  }
  if (deliveries) parts.push(`${counted(deliveries, "delivery", "deliveries")}, last ${now.deliveries.shown[0].status}`);
  at("news").textContent = `${parts.join("; ")}.`;
  untold = { requests: 0, deliveries: 0 };
  lastTold = Date.now();
}

function counted(number, one, many = `${one}s`) {
  return `${number} new ${number === 1 ? one : many}`;
}

at("address").textContent = location.origin;
at("writes").addEventListener("change", () => latest && show(false));
at("pause").addEventListener("click", () => {
  paused = !paused;
  at("pause").textContent = paused ? "Resume" : "Pause";
  connection(paused ? "Paused" : "Connecting", paused ? "warn" : "");
  ask();
});
document.addEventListener("visibilitychange", ask);
ask();
