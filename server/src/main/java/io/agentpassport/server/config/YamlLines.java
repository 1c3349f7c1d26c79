package io.agentpassport.server.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** In which line of a YAML text each key stands. */
final class YamlLines {

    private YamlLines() {}

    /** The lines, from 1, by the paths of the keys, such as {@code listen.port}; of a text that is YAML. */
    static Map<String, Integer> of(String yaml) {
        Map<String, Integer> lines = new HashMap<>();
        new Compose(LoadSettings.builder().setMaxAliasesForCollections(0).build()).composeString(yaml)
                .ifPresent(root -> note("", root, lines));
        return lines;
    }

    private static void note(String path, Node node, Map<String, Integer> lines) {
        if (!(node instanceof MappingNode mapping)) {
            return;
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                String child = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
                Optional<Integer> line = key.getStartMark().map(mark -> mark.getLine() + 1);
                line.ifPresent(number -> lines.put(child, number));
                note(child, entry.getValueNode(), lines);
            }
        }
    }
}
