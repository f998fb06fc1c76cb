-- For wrk: GETs of one path by people drawn by Zipf. Arguments: the path, a file with a header ("Name: value") a line,
-- and a file with a place in that list a line. They take gzip, as browsers and apps do.

local requests, picks, at = {}, {}, 0
local threads = 0

local function lines(file)
    local found = {}
    for line in io.lines(file) do found[#found + 1] = line end
    return found
end

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(args)
    for _, line in ipairs(lines(args[2])) do
        local name, value = line:match("^([^:]+): (.*)$")
        local headers = { Host = wrk.headers["Host"], ["Accept-Encoding"] = "gzip", [name] = value }
        requests[#requests + 1] = wrk.format("GET", args[1], headers)
    end
    for _, line in ipairs(lines(args[3])) do picks[#picks + 1] = tonumber(line) end
    at = number * 7919
end

function request()
    at = at % #picks + 1
    return requests[picks[at]]
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "seconds": %.3f, "bytes": %d, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, '
            .. '"refused": %d, "broken": %d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3, latency.max / 1e3, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout
    ))
end
