// The phone's own functions as promises.

// The answer of one of wx's functions; a failure is thrown as wx gives it.
function ask(said, options = {}) {
  return new Promise((resolve, reject) => said({ ...options, success: resolve, fail: reject }));
}

module.exports = { ask };
