"use strict";
// Whatever a client sent becomes text, by `append` and `textContent` alone; the page's policy forbids everything else.

const POLL_MS = 1000;
const RETRY_MS = 2000;
const GIVE_UP_MS = 5000;
const ANNOUNCE_MS = 5000; // a listener hears sums, not every request of a run
const SAID_MS = 8000;
const FIRST_ROWS = 20; // of the two lists that grow; the rest is one press away
const WRITES = new Set(["create", "update", "delete"]);
const MEANINGS = {
  registrations: "The queue shows one entry per registration, with its status.",
  events: "An event is a registration. The queue shows its deliveries.",
};

const at = (id) => document.getElementById(id);
const body = (id) => at(id).querySelector("tbody");

let latest = null; // what is shown
let paused = false;
let asking = false;
let timer = 0;
const whole = new Set(); // the lists that are shown to their end

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
  const lines = latest.exports.join("\n");
  if (at("exports").textContent !== lines) at("exports").textContent = lines; // else a selection would be lost
  at("lookups").textContent = lookups;
  at("lookups-meaning").textContent = MEANINGS[lookups] ?? "";
  const chosen = at("writes").checked ? requests.shown.filter((one) => WRITES.has(one.call)) : requests.shown;
  fill("registrations", registrations, registrations.shown, "callbackId", registrationRow, highlight);
  at("requests-empty").textContent = requests.total ? "No writes yet." : "No requests yet.";
  fill("requests", requests, beginning("requests", chosen), "number", requestRow, highlight);
  fill("deliveries", deliveries, beginning("deliveries", deliveries.shown), "callbackEventId", deliveryRow, highlight);
}

function beginning(id, chosen) {
  const more = chosen.length - FIRST_ROWS;
  at(`${id}-more`).hidden = more <= 0;
  const text = whole.has(id) ? `Show the newest ${FIRST_ROWS} only` : `Show ${more} more ${id}`;
  at(`${id}-more`).textContent = more > 0 ? text : "";
  return whole.has(id) ? chosen : chosen.slice(0, FIRST_ROWS);
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
    // An unchanged row stays, so that new rows take away neither a selection nor the reader's place.
    if (row?.shows !== text) {
      const fresh = rowOf(one);
      fresh.dataset.key = one[key];
      fresh.shows = text;
      fresh.classList.toggle("fresh", highlight);
      const pressed = row?.contains(document.activeElement) ? document.activeElement.dataset.slot : undefined;
      row?.replaceWith(fresh);
      if (pressed) fresh.querySelector(`[data-slot=${pressed}]`)?.focus();
      row = fresh;
    }
    const there = body(id).rows[index] ?? null;
    if (there !== row) body(id).insertBefore(row, there);
  });
}

function registrationRow(one) {
  const scope = [["mailbox", one.mailboxId], ["network", one.networkId]].filter(([, id]) => id);
  const held = one.held.length ? `, ${one.held.join(" and ")} set` : "";
  return tableRow([
    ["Id", make("th", "", String(one.callbackId))],
    ["URL", make("td", "", make("span", "code", one.url))],
    ["Event", make("td", "", one.event)],
    ["Status", make("td", "", make("span", statusKind(one.status), one.status))],
    ["Scope", make("td", "", scope.map((pair) => pair.join("\u00a0")).join(", ") || "not scoped")],
    ["Authentication", make("td", "", one.httpAuthType + held)],
    ["Change", make("td", "", changeButtons(one))],
  ]);
}

function changeButtons({ callbackId, status }) {
  if (status === "Terminated") return make("span", "muted", "Terminated is permanent");
  const button = (slot, change, text, name) => {
    const element = make("button", "", text);
    element.type = "button";
    element.dataset.slot = slot;
    element.setAttribute("aria-label", `${name} callback ${callbackId}`);
    element.addEventListener("click", () => changeElsewhere(callbackId, change));
    return element;
  };
  const other = status === "Suspended" ? ["activate", "Activate", "Activate"] : ["suspend", "Suspend", "Suspend"];
  return make("div", "buttons", button("url", "url", "Change URL", "Change URL of"), button("status", ...other));
}

const CHANGED = {
  url: ["URL changed", "url"],
  activate: ["status changed to Active", "status"],
  suspend: ["status changed to Suspended", "status"],
};

async function changeElsewhere(callbackId, change) {
  let said = "Nothing changed: the sandbox did not answer.";
  try {
    const path = `elsewhere/${callbackId}/${change}`;
    const response = await fetch(path, { method: "POST", signal: AbortSignal.timeout(GIVE_UP_MS) });
    const [changed, argument] = CHANGED[change];
    said = response.ok
      ? `Callback ${callbackId}: ${changed}. If your configuration sets ${argument}, terraform plan shows the drift.`
      : `Nothing changed: ${(await response.json()).message}`;
  } catch {
    // Stopped, or too slow.
  }
  say("changed", said);
  ask();
}

function requestRow(one) {
  const call = make("div", "code", make("span", "method", one.method), " ", make("span", "path", one.path));
  const kind = one.status >= 500 || !one.status ? "bad" : one.status >= 400 ? "warn" : "good";
  const answer = make("div", "", make("div", `answer ${kind}`, answered(one.status)));
  if (one.refusal) answer.append(make("div", `code ${kind}`, one.refusal));
  if (one.fault) answer.append(make("div", "code muted", `caused by --fault ${one.fault}`));
  return tableRow([
    ["Time", make("td", "", moment(one.at))],
    ["Request", make("td", "", make("div", "", call, fieldsOf(one.fields)))],
    ["Answer", make("td", "", answer)],
  ]);
}

function deliveryRow(one) {
  const fields = ["callbackId", "event", "callbackEventId"].map((name) => [name, String(one[name])]);
  const delivery = make("div", "", make("div", "code", one.endpoint), fieldsOf(fields));
  const said = one.httpStatus === null ? "" : one.httpStatus === 0 ? ", no connection" : `, ${one.httpStatus}`;
  const kind = { Delivered: "good", Pending: "warn" }[one.status] ?? "bad";
  return tableRow([
    ["Time", make("td", "", moment(one.created))],
    ["Delivery", make("td", "", delivery)],
    ["Result", make("td", "", make("div", `answer ${kind}`, one.status + said))],
  ]);
}

function tableRow(cells) {
  const row = make("tr", "", ...cells.map(([, cell]) => cell));
  row.setAttribute("role", "row");
  for (const [label, cell] of cells) {
    const header = cell.localName === "th";
    cell.dataset.label = label;
    cell.setAttribute("role", header ? "rowheader" : "cell");
    if (header) cell.scope = "row";
  }
  return row;
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

function say(id, text) {
  at(id).textContent = text;
  clearTimeout(at(id).timer);
  at(id).timer = setTimeout(() => at(id).textContent = "", SAID_MS);
}

async function copy() {
  let done = true;
  try {
    await navigator.clipboard.writeText(at("exports").textContent);
  } catch {
    // The browser has no such interface here, or refuses it.
    getSelection().selectAllChildren(at("exports"));
    done = document.execCommand("copy");
  }
  say("copied", done ? "Copied." : "Selected. Copy the lines with Ctrl-C or ⌘C.");
}

at("address").textContent = location.origin;
at("copy").addEventListener("click", copy);
for (const id of ["requests", "deliveries"]) {
  at(`${id}-more`).addEventListener("click", () => {
    whole.has(id) ? whole.delete(id) : whole.add(id);
    show(false);
  });
}
at("writes").addEventListener("change", () => latest && show(false));
at("pause").addEventListener("click", () => {
  paused = !paused;
  at("pause").textContent = paused ? "Resume" : "Pause";
  connection(paused ? "Paused" : "Connecting", paused ? "warn" : "");
  ask();
});
document.addEventListener("visibilitychange", ask);
ask();
