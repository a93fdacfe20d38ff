package dev.fixpoint.cli.data;

import dev.fixpoint.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** NumPy's format of several named arrays: a ZIP file of {@code .npy} files. */
public final class Npz {
  private static final String SUFFIX = ".npy";

  private Npz() {}

  /**
   * Reads arrays by name.
   *
   * @param wanted which names to read
   * @throws DataException if it is no such file
   * @throws IOException if it cannot be read
   */
  public static Map<String, Tensor> read(Path file, Predicate<String> wanted) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = nameOf(entry);
        if (entry.getName().endsWith(SUFFIX) && wanted.test(name)) {
          try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
            arrays.put(name, Npy.read(file + " (" + name + ")", in, entry.getSize()));
          }
        }
      }
    } catch (ZipException e) {
      throw DataException.in(file, "this is no .npz file; save it with numpy.savez");
    }
    return arrays;
  }

  /** The names of the arrays in a file. */
  public static List<String> names(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream().map(Npz::nameOf).toList();
    }
  }

  /**
   * Writes arrays by name.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Map<String, Tensor> arrays) throws IOException {
    try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file));
        ZipOutputStream zip = new ZipOutputStream(stream)) {
      for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + SUFFIX));
        Npy.write("output '" + array.getKey() + "'", array.getValue(), zip);
        zip.closeEntry();
      }
    }
  }

  private static String nameOf(ZipEntry entry) {
    String name = entry.getName();
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }
}
