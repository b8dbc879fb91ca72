//SOURCES ../base/Sha256.java

package lib.launch;

import module java.base;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import lib.base.Sha256;

/**
 * One version of the kit in a folder of its own, which never changes while it is in use: its jars, and an AOT cache for
 * each tool.
 *
 * @param folder where it is
 * @param jars the names of the jars in it, in the order of the class path
 */
public record Release(Path folder, List<String> jars) {
    // picocli 4.7.7. Another version may need no rewriting, so it is used as it is until somebody has looked.
    private static final String PICOCLI_SHA256 = "f86e30fffd10d2b13b8caa8d4b237a7ee61f2ffccf5b1941de718b765d235bf8";

    /**
     * Fills {@code folder}.
     *
     * @param classPath the jars to copy; the first one is the kit itself
     * @param resource a file in the kit's jar that is copied next to it
     */
    public static Release create(Path folder, String classPath, String resource) throws IOException {
        try (InputStream in = Release.class.getResourceAsStream("/" + resource)) {
            Files.copy(Objects.requireNonNull(in, resource), folder.resolve(resource));
        }
        List<String> jars = new ArrayList<>();
        for (String path : classPath.split(File.pathSeparator)) {
            String name =
                    jars.isEmpty() ? "kit.jar" : Path.of(path).getFileName().toString();
            byte[] jar = Files.readAllBytes(Path.of(path));
            // Not a copy with its permissions: a repository may be private, and the release is for everybody.
            Files.write(folder.resolve(name), jar);
            boolean old = Sha256.hex(jar).equals(PICOCLI_SHA256);
            jars.add(old ? modern(folder, name) : name);
        }
        return new Release(folder, List.copyOf(jars));
    }

    /** The class path of the release where {@code place} is its folder. */
    String classPath(String place) {
        return place + "/" + String.join(":" + place + "/", jars);
    }

    /** The AOT cache of {@code tool}. */
    Path cache(String tool) {
        return folder.resolve(tool + ".aot");
    }

    /**
     * Writes the classes of the jar {@code name} in the class file format of Java 25, and returns the name of the new
     * jar; {@code name} itself if that fails.
     *
     * <p>The JVM keeps no class before version 50 in an AOT cache, because it verifies those without stack maps.
     * picocli, which is compiled for Java 5, costs every tool 40 ms that way. Only the format changes, not what the
     * code does. Which class extends which is read from this process's class path, of which the jar is a copy.
     */
    private static String modern(Path folder, String name) throws IOException {
        String modern = "modern-" + name;
        ClassFile format = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ConstantPoolSharingOption.NEW_POOL);
        ClassTransform rewritten = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                .andThen(ClassTransform.endHandler(type -> type.withVersion(ClassFile.JAVA_25_VERSION, 0)));
        try (JarFile jar = new JarFile(folder.resolve(name).toFile());
                JarOutputStream out =
                        new JarOutputStream(new BufferedOutputStream(Files.newOutputStream(folder.resolve(modern))))) {
            for (JarEntry entry : jar.stream().toList()) {
                // Not those in META-INF, which are for modules and for other versions of Java.
                if (entry.getName().endsWith(".class") && entry.getName().indexOf('-') < 0) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    byte[] type = jar.getInputStream(entry).readAllBytes();
                    out.write(format.transformClass(format.parse(type), rewritten));
                }
            }
            return modern;
        } catch (IllegalArgumentException cannotBeRewritten) {
            return name;
        }
    }
}
