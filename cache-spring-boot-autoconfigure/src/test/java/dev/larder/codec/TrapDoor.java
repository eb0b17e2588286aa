package dev.larder.codec;

import java.io.ObjectInputStream;
import java.io.Serializable;

/** What an attacker would have instantiated. */
public class TrapDoor implements Serializable {

    private static final long serialVersionUID = 1;

    static {
        Trap.spring();
    }

    public TrapDoor() {
        Trap.spring();
    }

    private void readObject(ObjectInputStream in) {
        Trap.spring();
    }
}
