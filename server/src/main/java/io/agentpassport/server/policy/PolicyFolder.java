package io.agentpassport.server.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder whose files are policies: {@code ID.json}, {@code ID.yaml} or {@code ID.yml}. A file that is new or changed is
 * put as the newest version, once two looks found it alike, so that one being written is not taken for whole. A bad one
 * changes nothing, and is reported once. A file that goes away leaves its policy in force. There need not be a folder.
 */
public final class PolicyFolder {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyFolder.class);
    private static final int MAX_FILES = Policies.MAX_POLICIES;

    private final Policies policies;
    private final Path folder;
    /** By file: the digest that the last look found. */
    private final Map<String, String> seen = new HashMap<>();
    /** By file: the digest that was put or reported. */
    private final Map<String, String> done = new HashMap<>();
    private volatile Map<String, Report> reports = Map.of();

    /** Watches a folder by looking at it again and again; see {@link #look}. */
    public PolicyFolder(Policies policies, Path folder) {
        this.policies = policies;
        this.folder = folder;
    }

    /**
     * A file that is not in force as it is now.
     *
     * @param file
     *            its name
     * @param problems
     *            what is wrong with it
     */
    public record Report(String file, List<Problem> problems) {

        /** Copies the list. */
        public Report {
            problems = List.copyOf(problems);
        }
    }

    /** The files that are not in force as they are now, by name. */
    public List<Report> reports() {
        return List.copyOf(new TreeMap<>(reports).values());
    }

    /** Takes the files as they are: at the start, before the first call. */
    public synchronized void begin() {
        for (PolicyFile file : files()) {
            seen.put(file.name(), file.digest());
            take(file);
        }
    }

    /** Looks at the folder; to be called every few seconds. */
    public synchronized void look() {
        List<PolicyFile> files = files();
        Map<String, String> before = new HashMap<>(seen);
        seen.clear();
        for (PolicyFile file : files) {
            seen.put(file.name(), file.digest());
            if (file.digest().equals(before.get(file.name())) && !file.digest().equals(done.get(file.name()))) {
                take(file);
            }
        }
        done.keySet().retainAll(seen.keySet());
        if (!seen.keySet().containsAll(reports.keySet())) {
            Map<String, Report> rest = new HashMap<>(reports);
            rest.keySet().retainAll(seen.keySet());
            reports = rest;
        }
    }

    private void take(PolicyFile file) {
        if (file.text() == null) {
            report(file, List.of(new Problem("", file.unreadable())));
            return;
        }
        Policies.Outcome outcome;
        try {
            outcome = policies.put(new Policies.Draft("", file.id(), file.text(), file.format(), "file:" + file.name(),
                    "", 0)).join();
        } catch (CompletionException e) {
            // Not the file's fault, so the next look tries again.
            LOG.warn("the policy of {} could not be put", file.name(), e);
            return;
        }
        switch (outcome) {
            case Policies.InForce put -> {
                done.put(file.name(), file.digest());
                Map<String, Report> rest = new HashMap<>(reports);
                rest.remove(file.name());
                reports = rest;
                if (put.changed()) {
                    LOG.info("{} is in force, from {}", put.version(), file.name());
                }
            }
            case Policies.Invalid invalid -> report(file, invalid.problems());
            case Policies.Unacceptable bad -> report(file, List.of(new Problem("", bad.problem())));
            case Policies.TooMany many -> report(file,
                    List.of(new Problem("", "there are " + many.max() + " policies, and no room for another")));
            case Policies.Conflict conflict -> report(file, List.of(new Problem("", "another version was put")));
            case Policies.RequestIdReused reused -> report(file, List.of(new Problem("", "was put already")));
        }
    }

    private void report(PolicyFile file, List<Problem> problems) {
        done.put(file.name(), file.digest());
        Map<String, Report> more = new HashMap<>(reports);
        more.put(file.name(), new Report(file.name(), problems));
        reports = more;
        LOG.warn("{} is not taken, and what was in force stays so: {}", file.name(), problems);
    }

    /** The policies there, by name; of two files of one policy the first. */
    private List<PolicyFile> files() {
        List<Path> paths = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.{json,yaml,yml}")) {
            for (Path path : all) {
                if (Files.isRegularFile(path) && paths.size() < MAX_FILES) {
                    paths.add(path);
                }
            }
        } catch (IOException e) {
            LOG.warn("the folder of policies {} cannot be read: {}", folder, e.toString());
            return List.of();
        }
        paths.sort(Comparator.naturalOrder());
        Map<String, PolicyFile> byId = new TreeMap<>();
        for (Path path : paths) {
            PolicyFile file = PolicyFile.read(path);
            PolicyFile other = byId.putIfAbsent(file.id(), file);
            if (other != null && !file.digest().equals(done.get(file.name()))) {
                report(file,
                        List.of(new Problem("", other.name() + " is of the same policy, and is the one that counts")));
            }
        }
        return List.copyOf(byId.values());
    }

    /** A file as one look found it; without text when it cannot be read. */
    private record PolicyFile(String name, String id, PolicyFormat format, @Nullable String text, String digest,
            String unreadable) {

        static PolicyFile read(Path path) {
            String name = path.getFileName().toString();
            String id = name.substring(0, name.lastIndexOf('.'));
            PolicyFormat format = name.endsWith(".json") ? PolicyFormat.JSON : PolicyFormat.YAML;
            try (var in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(PolicyParser.MAX_BYTES + 1);
                String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
                return new PolicyFile(name, id, format, text, PolicyVersion.digest(text), "");
            } catch (CharacterCodingException e) {
                return new PolicyFile(name, id, format, null, "not UTF-8", "is not UTF-8");
            } catch (IOException e) {
                return new PolicyFile(name, id, format, null, "unreadable", "cannot be read: " + e.getMessage());
            }
        }
    }
}
