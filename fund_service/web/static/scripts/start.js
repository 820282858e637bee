// What pages do beside what they do without scripts: each part in a file of its own.
import "./counting.js";
import "./keeping.js";
import "./lists.js";
import "./live.js";
import "./moments.js";
import "./once.js";
import "./scales.js";
import "./zones.js";
