// A clock that a page out of sight keeps: devices.md §4b.7 asks for a heartbeat each 250 ms.
"use strict";
setInterval(() => postMessage(0), 250);
