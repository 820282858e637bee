// What pages do beside what they do without scripts: each part in a file of its own.
import "./lists.js";
import "./once.js";
