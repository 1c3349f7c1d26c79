package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.PassportServer;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.tls.TlsFiles;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** What a server says once it serves: where it is, what it needs to be reached, and what to do next. */
record ServerAnnouncement(ServerConfig config, PassportServer server) {

    void print(CliContext context, boolean json) {
        if (json) {
            JsonOption.print(context.out(), document());
        } else {
            printText(context);
        }
        new TlsFiles(config.data()).notices(context.clock().instant())
                .forEach(notice -> context.err().println("passport: " + notice));
    }

    private JsonObject document() {
        DataFolder data = config.data();
        JsonObject.Builder members = JsonObject.builder()
                .put("status", "serving")
                .put("address", address())
                .put("data", data.toString())
                .put("audience", config.service().binding())
                .put("publisher_pubkey_hex", server.publisherKey().hex())
                .put("log_pubkey_hex", server.logKey().hex())
                .put("relaxed", config.relaxed());
        Integer management = server.managementPort();
        if (management != null) {
            members.put("management", host(config.management().host()) + ":" + management);
        }
        if (!config.listen().plaintext()) {
            members.put("ca", data.ca().toString());
            members.put("admin_certificate", data.adminCertificate().toString());
            members.put("admin_key", data.adminKey().toString());
        }
        return members.build();
    }

    private void printText(CliContext context) {
        PrintStream out = context.out();
        DataFolder data = config.data();
        if (config.dev()) {
            out.println("DEVELOPMENT: on this machine only, with relaxed guards; not for anything that matters");
        }
        line(out, "address", address() + (config.listen().plaintext() ? " (plaintext)" : " (TLS 1.3)"));
        Integer management = server.managementPort();
        if (management != null) {
            line(out, "management", "http://" + host(config.management().host()) + ":" + management
                    + " (/health/live, /health/ready, /metrics)");
        }
        line(out, "data folder", shown(data.root()));
        if (!config.listen().plaintext()) {
            line(out, "CA", shown(data.ca()));
            line(out, "admin", shown(data.adminCertificate()) + ", " + shown(data.adminKey()));
        }
        line(out, "audience", config.service().binding());
        line(out, "publisher", server.publisherKey().hex() + " (verifies its trust bundles)");
        line(out, "log key", server.logKey().hex() + " (verifies its receipts)");
        for (String setting : config.relaxed()) {
            line(out, "relaxed", setting + ": " + ServerConfig.meaningOf(setting));
        }
        next(context).forEach(out::println);
        out.println("Ctrl-C stops the server.");
        out.flush();
    }

    private List<String> next(CliContext context) {
        String at = server.port() == ServerOptions.DEFAULT_PORT ? "" : " --server " + address();
        if (config.listen().plaintext()) {
            return List.of(
                    "Without TLS nobody is an admin, so nobody gets a certificate here: start it without plaintext"
                            + " for that.",
                    "What needs none works, in another terminal:",
                    "  " + context.program() + " bundle get" + at + " --plaintext");
        }
        boolean usual = config.data().root().equals(Path.of(DataOption.DEFAULT).toAbsolutePath());
        return List.of("Next, in another terminal:",
                "  " + context.program() + " issue --binding agent:alice --principal alice" + at
                        + (usual ? "" : " --data " + CliContext.quoted(shown(config.data().root()))));
    }

    private String address() {
        return host(config.listen().host()) + ":" + server.port();
    }

    private static String host(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** A path as short as it can be typed here. */
    private static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("  %-12s %s%n", name, value);
    }
}
