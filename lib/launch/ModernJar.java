package lib.launch;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * A library whose classes were compiled for an old JVM, with the same classes in a current class file format.
 *
 * <p>The JVM keeps no class before version 50 in an AOT cache, since it verifies those without stack maps: picocli,
 * which is compiled for Java 5, costs every tool 40 ms that way. Only the format is changed, not what the code does.
 */
final class ModernJar {
    private ModernJar() {}

    /** Writes the classes of the jar {@code old} to {@code target} in the format of Java 25. */
    static void write(Path old, Path target) throws IOException {
        Map<String, byte[]> classes = classes(old);
        ClassFile format = ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ConstantPoolSharingOption.NEW_POOL,
                ClassHierarchyResolverOption.of(hierarchy(classes)));
        ClassTransform rewritten = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                .andThen(ClassTransform.endHandler(type -> type.withVersion(ClassFile.JAVA_25_VERSION, 0)));
        try (JarOutputStream out =
                new JarOutputStream(new BufferedOutputStream(Files.newOutputStream(target), 1 << 16))) {
            for (Map.Entry<String, byte[]> type : classes.entrySet()) {
                out.putNextEntry(new JarEntry(type.getKey()));
                out.write(format.transformClass(format.parse(type.getValue()), rewritten));
            }
        }
    }

    private static Map<String, byte[]> classes(Path jar) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                // Not what is in META-INF: that is for modules, and for other versions of Java.
                if (entry.getName().endsWith(".class") && entry.getName().indexOf('-') < 0) {
                    try (InputStream in = file.getInputStream(entry)) {
                        classes.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        return classes;
    }

    /** Which class extends which, as stack maps must know: those of the jar itself, else the JDK's. */
    private static ClassHierarchyResolver hierarchy(Map<String, byte[]> classes) {
        return ClassHierarchyResolver.ofResourceParsing((ClassDesc type) -> {
                    String name = type.descriptorString();
                    byte[] bytes = classes.get(name.substring(1, name.length() - 1) + ".class");
                    return bytes == null ? null : new ByteArrayInputStream(bytes);
                })
                .orElse(ClassHierarchyResolver.defaultResolver());
    }
}
