package dev.larder.codec;

import java.io.Serializable;

/** Knows whether {@link TrapDoor} was initialized or instantiated. */
public class Trap implements Serializable {

    private static volatile boolean sprung;

    static void spring() {
        sprung = true;
    }

    public static boolean sprung() {
        return sprung;
    }

    public static void set() {
        sprung = false;
    }

    /** Shows that the trap works; another class, because a class is initialized once. */
    public static class Door {
        public Door() {
            spring();
        }
    }
}
