package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** SQLite with a write-ahead log: a connection for each thread, one writer at a time, the file mapped to read. */
final class SqliteContestant implements PersistentContestant {

    private final String url;

    private final Queue<Session> sessions = new ConcurrentLinkedQueue<>();

    private final ThreadLocal<Session> session = ThreadLocal.withInitial(this::newSession);

    private final Object writing = new Object();

    SqliteContestant(Path directory) throws IOException {
        url = "jdbc:sqlite:" + directory.resolve("map.db");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma journal_mode = wal");
            statement.execute("create table if not exists map (name text primary key, value blob not null)");
        } catch (SQLException ex) {
            throw new IOException(ex);
        }
    }

    /** A connection and its statements. */
    private record Session(
            Connection connection, PreparedStatement get, PreparedStatement put, PreparedStatement remove) {

        static Session open(String url) throws SQLException {
            Connection connection = DriverManager.getConnection(url);
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma synchronous = normal");
                statement.execute("pragma mmap_size = 2000000000");
                statement.execute("pragma busy_timeout = 10000");
            }
            return new Session(
                    connection,
                    connection.prepareStatement("select value from map where name = ?"),
                    connection.prepareStatement("insert or replace into map (name, value) values (?, ?)"),
                    connection.prepareStatement("delete from map where name = ?"));
        }
    }

    private Session newSession() {
        try {
            Session opened = Session.open(url);
            sessions.add(opened);
            return opened;
        } catch (SQLException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Override
    public byte @Nullable [] get(String key) throws IOException {
        try {
            PreparedStatement get = session.get().get();
            get.setString(1, key);
            try (ResultSet found = get.executeQuery()) {
                return found.next() ? found.getBytes(1) : null;
            }
        } catch (SQLException ex) {
            throw new IOException(ex);
        }
    }

    @Override
    public void put(String key, byte[] value) throws IOException {
        try {
            PreparedStatement put = session.get().put();
            put.setString(1, key);
            put.setBytes(2, value);
            synchronized (writing) {
                put.executeUpdate();
            }
        } catch (SQLException ex) {
            throw new IOException(ex);
        }
    }

    @Override
    public void remove(String key) throws IOException {
        try {
            PreparedStatement remove = session.get().remove();
            remove.setString(1, key);
            synchronized (writing) {
                remove.executeUpdate();
            }
        } catch (SQLException ex) {
            throw new IOException(ex);
        }
    }

    @Override
    public void close() {
        for (Session open : sessions) {
            try {
                open.connection().close();
            } catch (SQLException ex) {
                throw new IllegalStateException(ex);
            }
        }
    }
}
