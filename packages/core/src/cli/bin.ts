#!/usr/bin/env node
console.log("limn", process.version)
